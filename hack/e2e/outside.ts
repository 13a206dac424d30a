// A host outside the cluster that only the nodes can route to: a container on a Docker network of its own, which says a nonce.
import { attempt, run } from '../kind/command.ts';
import { label } from '../kind/paths.ts';
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

/** Starts it when it does not run, from the archive of the platform's image, and joins the nodes to its network. */
export async function startOutside(nodes: readonly string[], archive: string): Promise<Outside> {
  await ensureNetwork(name);
  for (const node of nodes) await attempt(['docker', 'network', 'connect', name, node]);
  const program = `require('node:net').createServer((s) => { s.on('error', () => {}); s.end('${nonce}\\n') }).listen(${port})`;
  const running = await attempt(['docker', 'inspect', '--format', '{{.State.Running}}', name]);
  if (running.stdout.trim() !== 'true') {
    await attempt(['docker', 'rm', '--force', '--volumes', name]);
    await run(['docker', 'load', '--quiet', '--input', archive]);
    const labels = ['--label', `${label}=outside`];
    await run([
      'docker',
      'run',
      '-d',
      '--name',
      name,
      ...labels,
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

export async function stopOutside(): Promise<void> {
  await attempt(['docker', 'rm', '--force', '--volumes', name]);
  await attempt(['docker', 'network', 'rm', name]);
}
