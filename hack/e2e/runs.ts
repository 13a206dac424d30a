// Starts runs as operators do, and tells how their Jobs and Pods ended.
import type { Counts } from '../../runner/journal/index.ts';
import { eventually } from './eventually.ts';
import type { Kube } from './kube.ts';

export interface EndedPod {
  readonly name: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  /** The termination message. */
  readonly message: string;
  readonly log: string;
  /** How long its container ran, in whole seconds. */
  readonly seconds: number;
}

export interface EndedJob {
  readonly name: string;
  readonly uid: string;
  /** `Complete` or `Failed`, with the reason of a failure. */
  readonly condition: string;
  readonly reason: string | undefined;
  readonly pods: readonly EndedPod[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export interface Job {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: { readonly conditions?: readonly Condition[]; readonly active?: number };
}

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly {
      readonly state: { readonly terminated?: Terminated; readonly running?: object };
    }[];
  };
}

export class Runs {
  readonly #kube: Kube;
  readonly cronJob: string;
  #started = 0;

  constructor(kube: Kube, cronJob: string) {
    this.#kube = kube;
    this.cronJob = cronJob;
  }

  /** `kubectl create job --from=cronjob/…`; the name of the Job. */
  async start(purpose: string): Promise<string> {
    this.#started += 1;
    const name = `${purpose}-${Date.now().toString(36)}-${this.#started}`;
    await this.#kube.text('create', 'job', `--from=cronjob/${this.cronJob}`, name);
    return name;
  }

  /** Seconds until its end. */
  async ended(name: string, within = 180): Promise<EndedJob> {
    const job = await eventually(`Job ${name} ends`, { within }, async () => {
      const seen = await this.#kube.json<Job>('get', 'job', name);
      return endOf(seen) === undefined ? await this.#stateOf(name) : seen;
    });
    const { type, reason } = endOf(job) ?? { type: 'none' };
    return { name, uid: job.metadata.uid, condition: type, reason, pods: await this.#endedPods(name) };
  }

  /** The Job that the CronJob starts by itself while `every minute` is its schedule; those of before do not count. */
  async ticked(schedule: () => Promise<unknown>): Promise<string> {
    const before = await this.#names();
    await schedule();
    const made = await eventually('the CronJob starts a Job', { within: 80 }, async () => {
      const name = (await this.#names()).find((one) => !before.includes(one) && isTick(one));
      return name === undefined ? undefined : { name };
    });
    return made.name;
  }

  async #names(): Promise<readonly string[]> {
    const { items } = await this.#kube.json<{ items: readonly Job[] }>('get', 'jobs');
    return items.map(({ metadata }) => metadata.name);
  }

  async run(purpose: string, within?: number): Promise<EndedJob> {
    return this.ended(await this.start(purpose), within);
  }

  async pods(job: string): Promise<readonly Pod[]> {
    const selector = `batch.kubernetes.io/job-name=${job}`;
    return (await this.#kube.json<{ items: readonly Pod[] }>('get', 'pods', '--selector', selector)).items;
  }

  /** The Pod of a Job once its container runs. */
  async running(job: string): Promise<Pod> {
    return eventually(`Job ${job} runs`, { within: 60, everyMs: 100 }, async () =>
      (await this.pods(job)).find(({ status }) =>
        status.containerStatuses?.some(({ state }) => state.running),
      ),
    );
  }

  async #endedPods(job: string): Promise<readonly EndedPod[]> {
    return Promise.all(
      (await this.pods(job)).map(async ({ metadata: { name }, status }) => {
        const terminated = status.containerStatuses?.[0]?.state.terminated;
        const log = (await this.#kube.attempt('logs', name)).stdout;
        return {
          name,
          exitCode: terminated?.exitCode,
          reason: terminated?.reason,
          message: terminated?.message ?? '',
          log,
          seconds:
            (Date.parse(terminated?.finishedAt ?? '') - Date.parse(terminated?.startedAt ?? '')) / 1_000,
        };
      }),
    );
  }

  async #stateOf(job: string): Promise<string> {
    const pods = await this.pods(job);
    const states = pods.map(({ metadata, status }) => `${metadata.name} ${status.phase}`);
    const log =
      pods[0] === undefined
        ? ''
        : (await this.#kube.attempt('logs', pods[0].metadata.name, '--tail=3')).stdout;
    return `${states.join(', ')}: ${log.trim()}`;
  }
}

const isTick = (job: string): boolean => /-charter-runner-\d+$/.test(job);

function endOf({ status }: Job): Condition | undefined {
  return status.conditions?.find(
    (one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  );
}

/** Of the last line of a log, or a termination message. */
export function summaryOf(text: string): Counts {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  const numbers = /^\[charter-runner\] SUMMARY tests=(\d+) pass=(\d+) fail=(\d+) err=(\d+) skip=(\d+)$/.exec(
    line,
  );
  if (numbers === null) throw new Error(`the last line is no SUMMARY: ${line}`);
  const [tests = 0, pass = 0, fail = 0, err = 0, skip = 0] = numbers.slice(1).map(Number);
  return { tests, pass, fail, err, skip };
}
