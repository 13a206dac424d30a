// A Pod of a world runs when all of its containers do, also those that the cluster has put beside the prober.
import { expect, onTestFinished, test } from 'vitest';
import { clientOf } from '../../kube/index.ts';
import { answerJson, scriptedServer } from '../../kube/testing/index.ts';
import { runningPods } from './pods.ts';

const status = (name: string, ready: boolean) => ({ name, ready });

async function lookedUntilRunning(...looks: readonly (readonly object[])[]): Promise<number> {
  const server = await scriptedServer((_, response, nth) => {
    const containerStatuses = looks[Math.min(nth, looks.length) - 1];
    const pod = {
      metadata: { name: 'a', namespace: 'charter-net-ab12cd-x', uid: 'u' },
      spec: { containers: [{ name: 'probe' }, { name: 'mesh' }] },
      status: { phase: 'Running', podIP: '10.0.0.1', containerStatuses },
    };
    answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [pod] });
  });
  const client = clientOf(server.kubeconfig);
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  await runningPods({ client, suffix: 'ab12cd', portsOf: () => [] }, ['x/a']);
  return server.asked.length;
}

test('a sidecar that is not ready, or has no status yet, is waited for', async () => {
  const probe = status('probe', true);
  const looks = [[probe], [probe, status('mesh', false)], [probe, status('mesh', true)]] as const;
  expect(await lookedUntilRunning(...looks)).toBe(3);
});
