// The benchmarks, one after another, or those that are named: `make bench`, `make bench ARGS="store pod"`. Ratios are against baselines
// of the same run.
import { benchClusters, benchPod } from './cluster.ts';
import { benchHarness } from './harness.ts';
import { benchHttp } from './http.ts';
import { benchImage } from './image.ts';
import { benchMemory } from './memory.ts';
import { benchNetwork } from './network.ts';
import { benchReport } from './report.ts';
import { benchStart } from './start.ts';
import { benchStore } from './store.ts';
import { benchTenants } from './tenants.ts';

const benches: Readonly<Record<string, () => unknown>> = {
  start: benchStart,
  harness: benchHarness,
  report: benchReport,
  memory: benchMemory,
  http: benchHttp,
  store: benchStore,
  image: benchImage,
  clusters: benchClusters,
  pod: benchPod,
  network: benchNetwork,
  tenants: benchTenants,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(benches)) await benches[name]?.();
// Nothing that a benchmark has left open keeps it from ending.
process.exit();
