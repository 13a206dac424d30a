// All benchmarks, one after another: `make bench`. Ratios are against baselines of the same run.
import { benchCluster } from './cluster.ts';
import { benchHarness } from './harness.ts';
import { benchMemory } from './memory.ts';
import { benchNetwork } from './network.ts';
import { benchReport } from './report.ts';
import { benchStart } from './start.ts';
import { benchStore } from './store.ts';
import { benchTenants } from './tenants.ts';

await benchStart();
benchHarness();
benchReport();
await benchMemory();
await import('./http.ts');
await benchStore();
await benchCluster();
await benchNetwork();
await benchTenants();
