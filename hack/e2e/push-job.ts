// The Job of docs/store.md that brings in a journal which a run could not store.
import type { Kube, KubeObject } from './kube.ts';

interface JobObject extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] };
    };
  };
}

/** A Job as the CronJob would make it, with its claim, Secret and network policy, that sends a journal of the claim instead of running. */
export async function pushJob(
  kube: Kube,
  cronJob: string,
  name: string,
  journal: string,
): Promise<KubeObject> {
  const job = await kube.json<JobObject>(
    ...['create', 'job', `--from=cronjob/${cronJob}`, name, '--dry-run=client'],
  );
  const { template } = job.spec;
  const [charter] = template.spec.containers;
  const containers = [{ ...charter, args: ['store', 'push', journal] }];
  return { ...job, spec: { ...job.spec, template: { ...template, spec: { ...template.spec, containers } } } };
}
