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
}

export interface EndedJob {
  readonly name: string;
  readonly uid: string;
  /** `Complete` or `Failed`, with the reason of a failure. */
  readonly condition: string;
  readonly reason: string | undefined;
  /** Oldest first. */
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
    const job = await eventually(`Job ${name} ends`, { within, everyMs: 500 }, async () => {
      const seen = await this.#kube.json<Job>('get', 'job', name);
      return endOf(seen) === undefined ? 'it runs' : seen;
    }).catch(async (error: Error) => {
      // Asked only now: a look at every poll would slow down the run.
      throw new Error(`${error.message}: ${await this.#stateOf(name)}`);
    });
    return this.#endedJob(job);
  }

  async #endedJob(job: Job): Promise<EndedJob> {
    const { name, uid } = job.metadata;
    const { type, reason } = endOf(job) ?? { type: 'none' };
    return { name, uid, condition: type, reason, pods: await this.#endedPods(name) };
  }

  /** Seconds until the last has ended. One look at all of them: many that poll would slow down what they wait for. */
  async allEnded(names: readonly string[], within: number): Promise<readonly EndedJob[]> {
    const ended = new Map<string, EndedJob>();
    await eventually(`${names.length} Jobs end`, { within, everyMs: 500 }, async () => {
      const isFresh = (job: Job) => names.includes(job.metadata.name) && !ended.has(job.metadata.name);
      const fresh = (await this.#jobs()).filter((job) => isFresh(job) && endOf(job) !== undefined);
      for (const one of await Promise.all(fresh.map((job) => this.#endedJob(job)))) ended.set(one.name, one);
      return ended.size === names.length ? {} : `${ended.size} of them`;
    });
    return [...ended.values()];
  }

  /** Waits until no Job runs. */
  async idle(): Promise<void> {
    await eventually('every Job has ended', { within: 180 }, async () => {
      const active = (await this.#jobs()).filter((job) => endOf(job) === undefined);
      return active.length === 0 ? {} : active.map(({ metadata }) => metadata.name).join(', ');
    });
  }

  /** From now on looks for a Job that the CronJob starts by itself; its name. Those of before do not count. */
  async nextTick(): Promise<() => Promise<string>> {
    const before = new Set((await this.#jobs()).map(({ metadata }) => metadata.name));
    return async () => {
      const made = await eventually('the CronJob starts a Job', { within: 80 }, async () =>
        (await this.#jobs()).find(({ metadata: { name } }) => !before.has(name) && isTick(name)),
      );
      return made.metadata.name;
    };
  }

  /** A CronJob whose time has passed starts a Job when it is changed next, instead of at the next full minute. */
  async catchUp(): Promise<void> {
    await this.#kube.text('annotate', 'cronjob', this.cronJob, `looked-at=${Date.now()}`, '--overwrite');
  }

  async #jobs(): Promise<readonly Job[]> {
    return (await this.#kube.json<{ items: readonly Job[] }>('get', 'jobs')).items;
  }

  async run(purpose: string, within?: number): Promise<EndedJob> {
    return this.ended(await this.start(purpose), within);
  }

  /** Oldest first. */
  async pods(job: string): Promise<readonly Pod[]> {
    const words = [
      '--selector',
      `batch.kubernetes.io/job-name=${job}`,
      '--sort-by=.metadata.creationTimestamp',
    ];
    return (await this.#kube.json<{ items: readonly Pod[] }>('get', 'pods', ...words)).items;
  }

  /** The Pod of a Job once its container runs. */
  async running(job: string): Promise<Pod> {
    return eventually(`Job ${job} runs`, { within: 60, everyMs: 100 }, async () =>
      (await this.pods(job)).find(({ status }) =>
        status.containerStatuses?.some(({ state }) => state.running),
      ),
    );
  }

  /** What its oldest Pod has said so far. */
  async log(job: string): Promise<string> {
    return (await this.#kube.attempt('logs', `job/${job}`)).stdout;
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
