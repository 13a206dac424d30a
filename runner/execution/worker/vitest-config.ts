// How vitest runs the driver: what its main process would make of `vitest run` with these settings and send to its worker.
// vitest-config.test.ts compares it with what the installed vitest does make of them.
import { join } from 'node:path';
import type { SerializedConfig } from 'vitest';

const root = import.meta.dirname;
const driver = join(root, 'driver.ts');

export const environment = { name: 'node', options: null };

/** The one file: it imports every campaign file. */
export const filesToRun = {
  files: [{ filepath: driver, fileTags: [] }],
  invalidates: [],
  providedContext: {},
  workerId: 1,
  environment,
};

/** Limits of time are the supervisor's and the cases' own. */
export const settings = {
  isolate: false,
  maxWorkers: 1,
  passWithNoTests: false,
  standalone: false,
  disableConsoleIntercept: true,
  testTimeout: 0,
  hookTimeout: 0,
  retry: 0,
  allowOnly: true,
  includeTaskLocation: false,
  // Node imports campaigns itself; with a loader of vitest it would be slower, and vi.mock would do nothing instead of being an error.
  experimental: { viteModuleRunner: false, nodeLoader: false },
} as const;

type Whole = Omit<SerializedConfig, 'browser' | 'attachmentsDir' | keyof InPart>;

/** Of these the worker reads only what stands here. */
interface InPart {
  readonly snapshotOptions: Omit<SerializedConfig['snapshotOptions'], 'snapshotEnvironment'>;
  readonly coverage: Pick<SerializedConfig['coverage'], 'provider' | 'enabled'>;
  readonly benchmark: Pick<SerializedConfig['benchmark'], 'enabled'>;
}

const importDurations = {
  print: false,
  limit: 0,
  failOnDanger: false,
  thresholds: { warn: 100, danger: 500 },
};

export const vitestConfig: Whole & InPart = {
  ...settings,
  root,
  name: '',
  pool: 'charter',
  setupFiles: [],
  testNamePattern: undefined,
  sequence: { seed: 1, hooks: 'stack', setupFiles: 'parallel' },
  maxConcurrency: 5,
  tags: [],
  tagsFilter: undefined,
  strictTags: true,
  globals: false,
  injectCjsGlobals: true,
  base: undefined,
  runner: undefined,
  bail: undefined,
  clearMocks: true,
  mockReset: false,
  restoreMocks: false,
  unstubGlobals: false,
  unstubEnvs: false,
  fakeTimers: { loopLimit: 10_000, shouldClearNativeTimers: true },
  defines: {},
  serializedDefines: '',
  expect: {},
  printConsoleTrace: undefined,
  deps: {
    web: { transformAssets: true, transformCss: true, transformGlobPattern: [] },
    optimizer: {},
    interopDefault: undefined,
    moduleDirectories: ['/node_modules/'],
  },
  snapshotOptions: { updateSnapshot: 'none', expand: false, snapshotFormat: {} },
  snapshotSerializers: [],
  chaiConfig: undefined,
  taskTitleValueFormatTruncate: 40,
  api: { allowExec: true, allowWrite: true },
  diff: undefined,
  inspect: undefined,
  inspectBrk: undefined,
  inspector: { enabled: false },
  watch: false,
  env: {},
  logHeapUsage: undefined,
  detectAsyncLeaks: false,
  coverage: { provider: 'v8', enabled: false },
  benchmark: { enabled: false },
  experimental: {
    ...settings.experimental,
    ...{ importDurations, recordDependencies: false, traceTimeline: false, openTelemetry: undefined },
  },
  fsModuleCache: true,
  mergeReportsLabel: undefined,
  slowTestThreshold: 300,
  disableColors: false,
};
