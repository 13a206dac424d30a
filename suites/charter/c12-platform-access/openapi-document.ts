// Whether a text is an OpenAPI 3 document: what the specification demands of its root and of every operation.

type JsonObject = Readonly<Record<string, unknown>>;

/** One line per thing that is wrong; none when the document holds. */
export function problemsOf(text: string): string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return ['the body is not JSON'];
  }
  if (!isObject(document)) return ['the document is not an object'];
  const { openapi, info, paths } = document;
  return [
    ...(/^3\.\d+\.\d+/.test(String(openapi)) ? [] : ['openapi is not 3.x.y']),
    ...problemsOfInfo(info),
    ...problemsOfPaths(paths),
  ];
}

function problemsOfInfo(info: unknown): string[] {
  if (!isObject(info)) return ['info is missing'];
  return ['title', 'version']
    .filter((field) => typeof info[field] !== 'string')
    .map((field) => `info.${field} is missing`);
}

/** OpenAPI 3.1 may do without paths; a backend that others call may not. */
function problemsOfPaths(paths: unknown): string[] {
  if (!isObject(paths) || Object.keys(paths).length === 0) return ['there are no paths'];
  return Object.entries(paths).flatMap(([path, item]) => {
    if (path.startsWith('x-')) return [];
    if (!path.startsWith('/')) return [`path ${path} does not start with a slash`];
    if (!isObject(item)) return [`path ${path} is not an object`];
    return methods
      .filter((method) => item[method] !== undefined && !hasResponses(item[method]))
      .map((method) => `${method.toUpperCase()} ${path} names no responses`);
  });
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

function hasResponses(operation: unknown): boolean {
  return isObject(operation) && isObject(operation.responses) && Object.keys(operation.responses).length > 0;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
