// A snapshot holds every page of every list, or it is an error.
import { describe, expect, test } from 'vitest';
import { clientOf } from './client.ts';
import { snapshotResources, takeSnapshot } from './snapshot.ts';
import { answerJson, type Script, scriptedServer } from './testing/index.ts';

async function snapshotOf(script: Script) {
  await using server = await scriptedServer(script);
  const client = clientOf(server.kubeconfig);
  try {
    return { ...(await takeSnapshot(client)), asked: server.asked };
  } finally {
    await client.close();
  }
}

const plurals = snapshotResources.map(({ plural }) => plural);
const pluralOf = (url = '') =>
  plurals.find((plural) => new URL(url, 'http://x').pathname.endsWith(`/${plural}`));
const page = (kind: string, names: readonly string[], more: string) => ({
  ...{ apiVersion: 'v1', kind, metadata: { resourceVersion: '7', continue: more } },
  items: names.map((name) => ({ metadata: { name, namespace: 'x' } })),
});

/** Two pages of each list; discovery knows what `groups` names. */
function cluster(groups: Readonly<Record<string, object>> = {}, refused?: string): Script {
  return (request, response) => {
    const url = request.url ?? '';
    const plural = pluralOf(url);
    if (plural !== undefined && plural === refused)
      return answerJson(response, 403, {
        kind: 'Status',
        reason: 'Forbidden',
        message: `cannot list ${plural}`,
      });
    if (plural !== undefined && !url.includes('continue='))
      return answerJson(response, 200, page(`${plural}List`, [`${plural}-1`], 'more'));
    if (plural !== undefined) return answerJson(response, 200, page(`${plural}List`, [`${plural}-2`], ''));
    const group = groups[new URL(url, 'http://x').pathname];
    return group === undefined
      ? answerJson(response, 404, { kind: 'Status', reason: 'NotFound', message: 'no such group' })
      : answerJson(response, 200, group);
  };
}

describe('a snapshot', () => {
  test('holds all pages of all lists, with apiVersion and kind, and only reads', async () => {
    const { objects, notRead, asked } = await snapshotOf(cluster());
    expect(objects.map(({ metadata }) => metadata?.name).toSorted()).toEqual(
      plurals.flatMap((plural) => [`${plural}-1`, `${plural}-2`]).toSorted(),
    );
    expect(objects.filter(({ apiVersion, kind }) => apiVersion === undefined || kind === undefined)).toEqual(
      [],
    );
    expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(notRead).toEqual([]);
  });

  test.each(plurals)('is refused whole when %s may not be listed', async (plural) => {
    await expect(snapshotOf(cluster({}, plural))).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
  });

  test('names the policies of other engines that the cluster knows', async () => {
    const resources = [
      { name: 'ciliumnetworkpolicies', kind: 'CiliumNetworkPolicy', namespaced: true, verbs: [] },
    ];
    const { notRead } = await snapshotOf(
      cluster({ '/apis/cilium.io/v2': { kind: 'APIResourceList', resources } }),
    );
    expect(notRead).toEqual(['CiliumNetworkPolicy (cilium.io/v2)']);
  });
});
