// What of the production packages stays out of the image, each with its reason. tree.test.ts runs what is left.

interface Rule {
  /** Matched against the path below node_modules. */
  readonly path: RegExp;
  readonly because: string;
}

/** Whole packages, by the name of their folder. */
export const droppedPackages: readonly Rule[] = [
  { path: /^@types\//, because: 'types only' },
  { path: /^@oxc-project\/types$/, because: 'types only' },
  ...named(
    "vite's, of which the worker needs one file",
    ...[
      'rolldown',
      '@rolldown/pluginutils',
      'lightningcss',
      'detect-libc',
      'postcss',
      'nanoid',
      'source-map-js',
    ],
    ...['picocolors', 'picomatch', 'fdir'],
  ),
  ...named(
    "for vitest's main process, which no run starts, and for vi.mock, which campaigns do not have",
    ...[
      'tinyglobby',
      'tinyexec',
      'obug',
      'std-env',
      'why-is-node-running',
      'magic-string',
      'es-module-lexer',
    ],
    ...['estree-walker', '@vitest/spy', '@jridgewell/trace-mapping', '@jridgewell/sourcemap-codec'],
    '@jridgewell/resolve-uri',
  ),
];

/** Files within packages. */
export const droppedFiles: readonly Rule[] = [
  { path: /\.d\.[cm]?ts$/, because: 'types' },
  { path: /\.(map|flow)$/, because: 'for debuggers and type checkers' },
  { path: /\.(md|markdown|yml)$|(^|\/)\.[^/]+$/i, because: 'for readers of the repository' },
  {
    path: /^(@[^/]+\/)?[^/]+\/(bin|docs?|types|tests?|scripts)\//,
    because: 'not loaded: commands, documents, types, tests',
  },
  { path: /^zod\/src\//, because: 'sources of what is shipped compiled' },
  { path: /^zod\/(v3|mini|v4-mini|v4\/mini)\//, because: 'other editions of zod' },
  {
    path: /^zod\/.*\.cjs$/,
    because: 'the CommonJS twin of a module that is loaded as ESM',
  },
  { path: /^yaml\/browser\//, because: 'for browsers' },
  {
    path: /^vite\/(?!package\.json$|dist\/node\/module-runner\.js$)/,
    because: "all but what vitest's worker imports",
  },
  ...[
    ...['browser', 'cli', 'config', 'node', 'chunks/acorn', 'chunks/cac', 'chunks/cli-api', 'chunks/creator'],
    ...[
      'chunks/doctor',
      'chunks/globals',
      'chunks/index.ER9afepi',
      'chunks/native',
      'chunks/nativeModuleMocker',
    ],
    ...['chunks/resolver', 'chunks/vm', 'nodejs-worker-loader'],
  ].map((file) => ({
    path: new RegExp(`^vitest/dist/${file}\\.`),
    because: "vitest's main process, and other ways to run it",
  })),
];

function named(because: string, ...names: readonly string[]): readonly Rule[] {
  return names.map((name) => ({ path: new RegExp(`^${name}$`), because }));
}

export function isDroppedPackage(name: string): boolean {
  return droppedPackages.some(({ path }) => path.test(name));
}

/** `path` below node_modules. Licences always stay. */
export function isDroppedFile(path: string): boolean {
  if (/(^|\/)(LICEN[CS]E|NOTICE|COPYING)[^/]*$/i.test(path)) return false;
  return droppedFiles.some((rule) => rule.path.test(path));
}

/** Files of runner/, suites/ and fixtures/platform/ that only tests use. */
const ofTests =
  /\.(test|soak)\.ts$|(^|\/)([a-z-]+-)?testing\.ts$|\/(testdata|testing|golden)\/|(^|\/)clients\/loopback\.ts$/;

/** `path` below the project. */
export function isShippedSource(path: string): boolean {
  return /\.(ts|mjs|yaml|css)$/.test(path) && !ofTests.test(path);
}
