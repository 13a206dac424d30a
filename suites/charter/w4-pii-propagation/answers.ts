// What policy-sync says of itself, whose words are not published: read by meaning. Pure.

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const goodWords = /^(reachable|ok|up|healthy|ready|connected|true)$/i;

/** Whether a readiness answer names the data catalog, and as there. */
export function catalogIsReachable(ready: unknown): boolean {
  const states = entriesOf(ready)
    .filter(([name]) => /open_?metadata|catalog/i.test(name))
    .map(([, value]) => (isObject(value) ? (value.status ?? value.state ?? value.reachable) : value));
  return states.length > 0 && states.every((state) => goodWords.test(String(state)));
}

const changeNames = /^(masks_?)?(changed|changes|updated|created|added|written|patched|removed|deleted)$/i;

/** How many things a sync says it changed; undefined when it says nothing of the kind. */
export function changesIn(answer: unknown): number | undefined {
  const said = entriesOf(answer).filter(([name]) => changeNames.test(name));
  const counts = said.flatMap(([, value]) => {
    if (Array.isArray(value)) return [value.length];
    return typeof value === 'number' || typeof value === 'boolean' ? [Number(value)] : [];
  });
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** Of the object in which the masks are kept, where the answer tells it. */
export function resourceVersionIn(answer: unknown): string | undefined {
  const found = entriesOf(answer).find(([name]) => /^resource_?version$/i.test(name))?.[1];
  return found === undefined ? undefined : String(found);
}

/** Name and value of every field at any depth. */
function entriesOf(value: unknown): (readonly [string, unknown])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap((entry) => [entry, ...entriesOf(entry[1])]);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
