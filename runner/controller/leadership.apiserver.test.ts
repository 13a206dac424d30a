// Two processes that want to lead, with a real API server: one is stopped in the middle and woken up after the other has taken over.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { informer, resources } from '../kube/index.ts';
import { describeWithApiServer, eventually } from '../kube/testing/index.ts';

const namespace = 'default';

interface Candidate extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly said: string[];
}

describeWithApiServer('two candidates', (api) => {
  function candidate(identity: string): Candidate {
    const child = fork(join(import.meta.dirname, 'testing', 'candidate.ts'), {
      env: {
        ...process.env,
        CANDIDATE: identity,
        CANDIDATE_KUBECONFIG: api.server.kubeconfig(),
        CANDIDATE_NAMESPACE: namespace,
      },
      execArgv: ['--no-warnings'],
    });
    const said: string[] = [];
    child.on('message', (message) => said.push(String(message)));
    return {
      process: child,
      said,
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }

  test('never write side by side, and the stopped one stays silent after it wakes up', async () => {
    const writers: string[] = [];
    const selection = { namespace, fieldSelector: 'metadata.name=written-by' };
    const seen = informer({ client: api.admin, resource: resources.configMaps, ...selection });
    seen.on(({ object }) => {
      const writer = object.data?.writer ?? '';
      if (writers.at(-1) !== writer) writers.push(writer);
    });
    seen.start();
    await seen.synced;

    await using first = candidate('first');
    await eventually(() => writers.includes('first'));
    await using second = candidate('second');
    await eventually(async () => (await leaseHolder()) === 'first');
    first.process.kill('SIGSTOP');
    await eventually(() => writers.includes('second'));
    expect(second.said).toEqual(['leading']);

    first.process.kill('SIGCONT');
    // It wakes up inside its work, tries to write, is refused by its own fence, and finds that it has lost.
    await eventually(() => first.said.includes('lost'));
    expect(first.said).toEqual(['leading', 'CHR_LEADERSHIP_LOST', 'lost']);
    expect(await leaseHolder()).toBe('second');

    // Who ends properly leaves the lease to the next at once.
    second.process.kill('SIGTERM');
    await eventually(() => second.said.includes('released'));
    expect(await leaseHolder()).toBe('');
    expect(writers).toEqual(['first', 'second']);
    await seen.stop();
  });

  async function leaseHolder(): Promise<string | undefined> {
    const lease = await api.admin.get(resources.leases, { namespace, name: 'candidates' });
    return lease.spec?.holderIdentity;
  }
});
