// A process that wants to lead, and writes its name into a ConfigMap once a second while it does. For tests that stop it.
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOf, resources } from '../../kube/index.ts';
import { fenced, leadership } from '../index.ts';

const {
  CANDIDATE: identity = '',
  CANDIDATE_KUBECONFIG: kubeconfig = '',
  CANDIDATE_NAMESPACE: namespace = '',
} = process.env;
const client = clientOf(kubeconfig);
const timing = { leaseDurationMs: 8_000, renewDeadlineMs: 6_000, retryPeriodMs: 500 };
const own = leadership({ namespace, name: 'candidates', identity, ...timing }, { client });
const writer = fenced(client, own);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const outcome = await own.lead(async (signal) => {
  process.send?.('leading');
  for (; !stop.signal.aborted; await sleep(1_000)) {
    const body = { metadata: { name: 'written-by' }, data: { writer: identity, at: String(Date.now()) } };
    try {
      const ref = { namespace, name: 'written-by' };
      await writer.patch(resources.configMaps, ref, { type: 'apply', body, conflicts: 'force' });
    } catch (error) {
      process.send?.((error as { code?: string }).code ?? String(error));
    }
    // It looks at its signal only now, like a reconcile in the middle of something.
    if (signal.aborted) return;
  }
}, stop.signal);
process.send?.(outcome);
await client.close();
process.disconnect?.();
