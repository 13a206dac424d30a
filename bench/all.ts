// All benchmarks, one after another: `make bench`. Ratios are against baselines of the same run.
import { benchCluster } from './cluster.ts';
import { benchHarness } from './harness.ts';
import { benchMemory } from './memory.ts';
import { benchReport } from './report.ts';
import { benchStart } from './start.ts';

await benchStart();
benchHarness();
benchReport();
await benchMemory();
await import('./http.ts');
await benchCluster();
