// After a failure: one folder with what a person needs to see why, small, and without a secret in it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from './binaries.ts';
import { attempt } from './command.ts';
import { inState } from './paths.ts';

const fileLimit = 512 * 1_024;
const totalLimit = 18 * 1_024 ** 2;
const timeoutMs = 8_000;

interface Source {
  readonly kubeconfig: string;
  readonly name: string;
  /** Containers of its nodes, where journals of runs lie on local-path volumes. */
  readonly nodes: readonly string[];
}

/** The folder. `secrets`: texts that must not stand in it. */
export async function collect(clusters: readonly Source[], secrets: readonly string[] = []): Promise<string> {
  const folder = inState('failures', new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''), '.');
  mkdirSync(folder, { recursive: true });
  const keep = keeper(folder, secrets);
  await Promise.all([
    versions(keep),
    ...clusters.map((cluster) => collectCluster(cluster, keep)),
    ...clusters.flatMap(({ nodes }) => nodes.map((node) => journals(node, keep))),
  ]);
  return folder;
}

type Keep = (name: string, text: string) => void;

function keeper(folder: string, secrets: readonly string[]): Keep {
  let total = 0;
  const mask = masker(secrets);
  return (name, text) => {
    const masked = mask(text);
    const room = Math.min(fileLimit, totalLimit - total);
    if (room <= 0) return;
    const kept =
      masked.length > room
        ? `... ${masked.length - room} characters left out\n${masked.slice(-room)}`
        : masked;
    total += kept.length;
    writeFileSync(join(folder, name), kept);
  };
}

/** Takes out the secrets, also in base64, signatures of tokens, and what stands after `token`, `password` or `client-key-data`. */
export function masker(secrets: readonly string[]): (text: string) => string {
  const hidden = secrets
    .filter((secret) => secret.length > 3)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
  return (text) =>
    hidden
      .reduce((masked, secret) => masked.replaceAll(secret, '<masked>'), text)
      .replaceAll(/(eyJ[\w-]+\.[\w-]+\.)[\w-]+/g, '$1<masked>')
      .replaceAll(/((?:client-key-data|token|password)"?:\s*"?)[^\s",]+/gi, '$1<masked>');
}

async function versions(keep: Keep): Promise<void> {
  const asked = [
    ['docker', 'version'],
    ['docker', 'ps', '-a'],
    ['uname', '-a'],
    ['df', '-h'],
  ];
  const answers = await Promise.all(
    asked.map(async (words) => `$ ${words.join(' ')}\n${await output(words)}`),
  );
  keep('host.txt', answers.join('\n'));
}

const newestJournals = 'ls -t /var/local-path-provisioner/*/*.jsonl 2>/dev/null | head -12';

async function journals(node: string, keep: Keep): Promise<void> {
  const paths = (await output(['docker', 'exec', node, 'sh', '-c', newestJournals])).split('\n');
  for (const path of paths.filter((one) => one.startsWith('/')))
    keep(`journal-${path.split('/').at(-1)}`, await output(['docker', 'exec', node, 'cat', path]));
}

async function collectCluster({ name, kubeconfig }: Source, keep: Keep): Promise<void> {
  const client = await kubectl();
  const ask = (...words: string[]) =>
    output([client, '--kubeconfig', kubeconfig, '--request-timeout=6s', ...words]);
  const kinds = 'nodes,pods,jobs,cronjobs,deployments,services,endpoints,pvc,networkpolicies,leases';
  const [objects, events, described, pods] = await Promise.all([
    ask('get', kinds, '-A', '-o', 'wide'),
    ask('get', 'events', '-A', '--sort-by=.lastTimestamp'),
    ask('describe', 'pods,jobs,cronjobs,networkpolicies', '-n', 'akko'),
    ask(
      'get',
      'pods',
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{"\\n"}{end}',
    ),
  ]);
  keep(`${name}-objects.txt`, objects);
  keep(`${name}-events.txt`, events);
  keep(`${name}-describe.txt`, described);
  const lines = pods.split('\n').filter((line) => line !== '' && !line.startsWith('local-path'));
  await Promise.all(
    lines.map(async (line) => {
      const [namespace = '', pod = ''] = line.split(' ');
      const log = await ask('logs', '-n', namespace, pod, '--all-containers', '--tail=2000', '--timestamps');
      keep(`${name}-log-${namespace}-${pod}.txt`, log);
    }),
  );
}

async function output(words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await attempt(words, { timeoutMs });
  return `${stdout}${stderr}`;
}
