// Makes the kubeconfig Secret of a remote kind cluster in the home cluster, with the address that Pods and this machine both reach:
// hack/node hack/tenants/remote-secret.ts remote-a [--namespace default]
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { explain } from '../kind/action.ts';
import { kubectl } from '../kind/binaries.ts';
import { run } from '../kind/command.ts';
import { inState } from '../kind/paths.ts';
import { remoteSecret } from './secret-of-remote.ts';

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { namespace: { type: 'string', default: 'default' } },
  });
  const [remote = 'remote-a'] = positionals;
  const kubeconfig = inState(`${remote}.internal.kubeconfig`);
  if (!existsSync(kubeconfig))
    throw new Error(`there is no cluster ${remote}: make kind-up CLUSTERS="home ${remote}"`);
  const secret = remoteSecret(remote, values.namespace, readFileSync(kubeconfig, 'utf8'));
  const apply = ['--kubeconfig', inState('home.kubeconfig'), 'apply', '--server-side', '--filename', '-'];
  process.stdout.write(`${await run([await kubectl(), ...apply], { input: JSON.stringify(secret) })}\n`);
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
  process.exitCode = 1;
}
