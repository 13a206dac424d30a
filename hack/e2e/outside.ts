// A host outside the cluster that only the nodes can route to: a container on a Docker network of its own, which says a nonce.
import { attempt, run } from '../kind/command.ts';
import { outsideLabel } from '../kind/idle.ts';
import { ensureNetwork } from '../kind/up.ts';
import { platformImage } from './platform.ts';

export interface Outside {
  readonly host: string;
  readonly port: number;
  readonly nonce: string;
}

const name = 'charter-outside';
const nonce = 'outside-4711';
const port = 8000;

/** Goes with the last cluster (hack/kind/down.ts). Starts it when it does not run, from the archive of the platform's image, and joins the nodes to its network. */
export async function startOutside(nodes: readonly string[], archive: string): Promise<Outside> {
  await ensureNetwork(name);
  for (const node of nodes) await attempt(['docker', 'network', 'connect', name, node]);
  const program = `require('node:net').createServer((s) => { s.on('error', () => {}); s.end('${nonce}\\n') }).listen(${port})`;
  const running = await attempt(['docker', 'inspect', '--format', '{{.State.Running}}', name]);
  if (running.stdout.trim() !== 'true') {
    await attempt(['docker', 'rm', '--force', '--volumes', name]);
    await run(['docker', 'load', '--quiet', '--input', archive]);
    await run([
      'docker',
      'run',
      '-d',
      '--name',
      name,
      ...['--label', outsideLabel],
      '--network',
      name,
      '--entrypoint',
      '/usr/local/bin/node',
      platformImage,
      '-e',
      program,
    ]);
  }
  const format = `{{(index .NetworkSettings.Networks "${name}").IPAddress}}`;
  return { host: await run(['docker', 'inspect', '--format', format, name]), port, nonce };
}
