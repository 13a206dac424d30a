// The Job of a run: when it starts, what repeats it, what ends it.
import { beforeEach, expect, test } from 'vitest';
import { at, helm, jobOf, manifests, noHelm, only, podOf, runHelm } from './helm.ts';
import { chartFolder } from './paths.ts';
import { valueSets } from './values-sets.ts';

beforeEach((context) => {
  if (helm === undefined) context.skip(noHelm);
});

const cronJobOf = (values: object) => only(manifests(values), 'CronJob');
const policy = (action: string) => ({
  rules: [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action, onExitCodes: { containerName: 'charter', operator: 'In', values: [1, 2, 3, 4, 5, 6, 7] } },
  ],
});

test('every night at four, one at a time', () => {
  expect(cronJobOf({}).spec).toMatchObject({
    schedule: '0 4 * * *',
    suspend: false,
    concurrencyPolicy: 'Forbid',
  });
  expect(cronJobOf({}).spec).not.toHaveProperty('timeZone');
});

test.each([
  [{}, 3, 5],
  [{ successfulJobsHistoryLimit: 7, failedJobsHistoryLimit: 0 }, 7, 0],
  [{ successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 9 }, 0, 9],
])('%j: %i Jobs that ended well are kept and %i that failed, by both CronJobs', (limits, well, failed) => {
  const found = manifests({ ...valueSets['kept reports'], ...limits });
  for (const cronJob of [only(found, 'CronJob'), only(found, 'CronJob', 'akko-akko-charter-runner-report')])
    expect(cronJob.spec).toMatchObject({ successfulJobsHistoryLimit: well, failedJobsHistoryLimit: failed });
});

test('without a schedule the CronJob stays, suspended, for Jobs by hand', () => {
  const { spec } = cronJobOf(valueSets['kept reports']);
  expect(spec).toMatchObject({ schedule: '0 4 * * *', suspend: true, timeZone: 'Europe/Paris' });
});

test('a disruption repeats the run, a verdict ends it, an unexplained death is tried once more', () => {
  const job = jobOf(cronJobOf({}));
  expect(job).toMatchObject({
    backoffLimit: 1,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: policy('FailJob'),
  });
  expect(job).not.toHaveProperty('completionMode');
  expect(at(job, 'template.spec.restartPolicy')).toBe('Never');
});

test('shards are an Indexed Job, in which a red shard does not stop the others', () => {
  const cronJob = cronJobOf(valueSets['three shards']);
  expect(jobOf(cronJob)).toMatchObject({
    completionMode: 'Indexed',
    completions: 3,
    parallelism: 3,
    backoffLimitPerIndex: 2,
    podFailurePolicy: policy('FailIndex'),
  });
  // A limit for all together would end the Job before index 0 has merged.
  expect(jobOf(cronJob)).not.toHaveProperty('backoffLimit');
  expect(at(podOf(cronJob), 'containers.0.args')).toEqual(['run', '--shard', '/3', '--merge']);
});

test.each([
  [{}, 1205, 30],
  [valueSets['lock that waits'], 1325, 30],
  [valueSets['other times'], 30 + 61 + 10 + 300, 35],
  [{ activeDeadlineSeconds: 20, terminationGracePeriodSeconds: 40 }, 20, 40],
])('%j: the deadline of Kubernetes is %i s, its grace %i s', (values, deadline, grace) => {
  const cronJob = cronJobOf(values);
  expect(at(jobOf(cronJob), 'activeDeadlineSeconds')).toBe(deadline);
  expect(at(podOf(cronJob), 'terminationGracePeriodSeconds')).toBe(grace);
});

test('the runner is told where things are, and whose Job it is', () => {
  const container = at(podOf(cronJobOf({})), 'containers.0');
  const label = (key: string) => ({
    fieldRef: { fieldPath: `metadata.labels['batch.kubernetes.io/${key}']` },
  });
  expect(at(container, 'env')).toEqual([
    { name: 'CHARTER_CONFIG', value: '/etc/charter/charter.yaml' },
    { name: 'CHARTER_OUT', value: '/tmp/charter-out' },
    { name: 'CHARTER_TERMINATION_LOG', value: '/dev/termination-log' },
    { name: 'CHARTER_JOB_UID', valueFrom: label('controller-uid') },
    { name: 'CHARTER_JOB_NAME', valueFrom: label('job-name') },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ]);
  expect(container).toMatchObject({
    image: 'akko-charter-runner:0.1.0',
    args: ['run'],
    terminationMessagePath: '/dev/termination-log',
    resources: { requests: { cpu: '200m', memory: '512Mi' } },
  });
});

test('a digest names the image; placement follows the values', () => {
  const pod = podOf(cronJobOf(valueSets['placed Pods']));
  const { image, imagePullSecrets, nodeSelector, tolerations, affinity } = valueSets['placed Pods'];
  expect(at(pod, 'containers.0.image')).toBe(`${image.repository}@${image.digest}`);
  expect(at(pod, 'containers.0.imagePullPolicy')).toBe('Always');
  expect(pod).toMatchObject({ imagePullSecrets, nodeSelector, tolerations, affinity });
});

const extraMount = { name: 'extra-suites', mountPath: '/app/suites/charter/extra', readOnly: true };

test.each([
  ['campaigns from a ConfigMap', { configMap: { name: 'my-campaigns' } }, 0],
  ['campaigns copied from an image', { emptyDir: {} }, 1],
  ['campaigns in an image volume', { image: { reference: 'my-campaigns:1', pullPolicy: 'IfNotPresent' } }, 0],
] as const)('%s are mounted beside those of the charter', (set, source, initContainers) => {
  const pod = podOf(cronJobOf(valueSets[set]));
  expect(at(pod, 'containers.0.volumeMounts')).toContainEqual(extraMount);
  expect(at(pod, 'volumes')).toContainEqual({ name: 'extra-suites', ...source });
  expect((at(pod, 'initContainers') ?? []) as readonly object[]).toHaveLength(initContainers);
});

test('the notes give the commands of a run by hand, and say when times do not fit', () => {
  const notes = (values: object) =>
    runHelm(['install', 'akko', chartFolder, '--dry-run=client', '--namespace', 'akko'], values).text.split(
      'NOTES:',
    )[1];
  const command = 'kubectl -n akko create job --from=cronjob/akko-akko-charter-runner';
  expect(notes({})).toContain(`${command} $run`);
  expect(notes(valueSets['kept reports'])).toContain(`${command}-report fetch`);
  expect(notes({ activeDeadlineSeconds: 20 })).toContain('WARNING: activeDeadlineSeconds (20)');
  expect(notes({ terminationGracePeriodSeconds: 5 })).toContain('WARNING: terminationGracePeriodSeconds (5)');
  expect(notes({ ttlSecondsAfterFinished: 0 })).toContain('WARNING: ttlSecondsAfterFinished is 0');
  // The log of index 0 is followed as soon as there is one, whatever the other shards did meanwhile.
  const follow = `until kubectl -n akko logs -f --tail=-1 -l batch.kubernetes.io/job-name=$run,batch.kubernetes.io/job-completion-index=0`;
  expect(notes(valueSets['three shards'])).toContain(`${follow} | grep .; do sleep 1; done`);
  expect(notes(valueSets['three shards'])).not.toContain('status.ready');
});
