// What only serves nodes, and goes when these have gone: hosts outside the clusters, and networks.
import { attempt, run } from './command.ts';
import { label } from './paths.ts';

export const nodeLabel = 'io.x-k8s.kind.cluster';
/** Of containers that play a host outside the clusters. */
export const outsideLabel = `${label}=outside`;

/** One line for each thing removed: outside hosts where no node of ours is left, and networks without containers. */
export async function removeIdle(): Promise<readonly string[]> {
  const nodes = await listed(['ps', '-a', '--filter', `label=${nodeLabel}`, '--format', '{{.Names}}']);
  const isAnyLeft = nodes.some((name) => name.startsWith('charter-'));
  const hosts = isAnyLeft ? [] : await listed(['ps', '-aq', '--filter', `label=${outsideLabel}`]);
  return [...(await removed('container', hosts)), ...(await removeNetworks())];
}

async function removeNetworks(): Promise<readonly string[]> {
  const ids = await listed(['network', 'ls', '-q', '--filter', `label=${label}=network`]);
  const gone: string[] = [];
  for (const id of ids) {
    const used = await run(['docker', 'network', 'inspect', '--format', '{{len .Containers}}', id]);
    if (used === '0' && (await attempt(['docker', 'network', 'rm', id])).code === 0)
      gone.push(`network ${id}`);
  }
  return gone;
}

export async function removed(
  kind: 'container' | 'image',
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  await attempt(
    kind === 'container' ? ['docker', 'rm', '--force', '--volumes', ...ids] : ['docker', 'rmi', ...ids],
  );
  return ids.map((id) => `${kind} ${id}`);
}

/** Lines of what docker prints. */
export async function listed(words: readonly string[]): Promise<readonly string[]> {
  return (await run(['docker', ...words])).split('\n').filter((line) => line !== '');
}
