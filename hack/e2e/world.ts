// What all checks share: the home cluster with the platform in it, the chart, and the means to see what a run left.
import { Chart, fullname } from './chart.ts';
import { Faults } from './faults.ts';
import { Kube } from './kube.ts';
import type { Outside } from './outside.ts';
import { Results } from './results.ts';
import { Runs } from './runs.ts';

/** As the set-up leaves it in the environment of the checks. */
export interface Setting {
  readonly kubeconfig: string;
  readonly nodes: readonly string[];
  readonly outside: Outside;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface World {
  readonly setting: Setting;
  readonly kube: Kube;
  readonly chart: Chart;
  readonly runs: Runs;
  readonly results: Results;
  readonly faults: Faults;
  /** The node that Pods run on; the API server is on the other. */
  readonly worker: string;
}

export const settingVariable = 'CHARTER_E2E_SETTING';

export async function world(): Promise<World> {
  const given = process.env[settingVariable];
  if (given === undefined)
    throw new Error(`${settingVariable} is not set: run the checks with make e2e-kind`);
  const setting = JSON.parse(given) as Setting;
  const kube = await Kube.of(setting.kubeconfig);
  const worker = setting.nodes.find((node) => node.endsWith('-worker')) ?? '';
  const results = new Results(kube, worker, fullname);
  return {
    setting,
    kube,
    chart: await Chart.of(setting.kubeconfig, setting.outside),
    runs: new Runs(kube, fullname),
    results,
    faults: new Faults(kube, worker),
    worker,
  };
}
