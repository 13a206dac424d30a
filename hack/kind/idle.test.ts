// What goes with the last cluster, with a stand-in for docker that knows the containers and networks of two files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StandIns, standIns } from '../../fixtures/testing/stand-ins.ts';
import { removeIdle } from './idle.ts';

interface Container {
  /** Also its id. */
  readonly name: string;
  readonly is: 'node' | 'outside' | 'other';
  readonly network?: string;
}

/**
 * Of files with one line for each: name, kind and network of a container; id and label of a network. It removes a used network as well,
 * unless `$KNOWN/late` is there: whoever asks has to look first.
 */
const docker = `
case "$*" in
  ps*label=io.x-k8s.kind.cluster*) awk '$2 == "node" { print $1 }' "$KNOWN/containers" ;;
  ps*label=charter-runner.harness=outside) awk '$2 == "outside" { print $1 }' "$KNOWN/containers" ;;
  rm*) for id; do sed -i "/^$id /d" "$KNOWN/containers"; done ;;
  'network ls'*label=charter-runner.harness=network) awk '$2 == "ours" { print $1 }' "$KNOWN/networks" ;;
  'network ls'*) cut -d' ' -f1 "$KNOWN/networks" ;;
  'network inspect'*) awk -v one="$5" '$3 == one' "$KNOWN/containers" | wc -l ;;
  'network rm'*) [ ! -e "$KNOWN/late" ] && sed -i "/^$3 /d" "$KNOWN/networks" ;;
esac`;

let there: StandIns;
beforeEach(() => {
  there = standIns({ docker });
  const networks = ['charter-kind ours', 'charter-outside ours', 'bridge theirs'];
  writeFileSync(join(there.known, 'networks'), networks.map((line) => `${line}\n`).join(''));
});
afterEach(() => there.remove());

function containers(...some: readonly Container[]): void {
  const lines = some.map(({ name, is, network }) => `${name} ${is} ${network ?? '-'}\n`);
  writeFileSync(join(there.known, 'containers'), lines.join(''));
}

const left = (file: 'containers' | 'networks'): readonly string[] =>
  readFileSync(join(there.known, file), 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ', 1).filter(Boolean));

const node: Container = { name: 'charter-home-worker', is: 'node', network: 'charter-kind' };
const outside: Container = { name: 'charter-outside', is: 'outside', network: 'charter-outside' };

test('an idle network of ours goes; one that is used, or is not ours, stays', async () => {
  containers(node);
  expect(await removeIdle()).toEqual(['network charter-outside']);
  expect(left('networks')).toEqual(['charter-kind', 'bridge']);
  expect(left('containers')).toEqual([node.name]);
});

test('the host outside stays, and its network, while a node of ours is left', async () => {
  containers(node, outside);
  expect(await removeIdle()).toEqual([]);
  expect(left('containers')).toEqual([node.name, outside.name]);
  expect(left('networks')).toHaveLength(3);
});

test("the host outside goes with the last node of ours, and its network with it; others' containers stay", async () => {
  const others: readonly Container[] = [
    { name: 'kind-control-plane', is: 'node' },
    { name: 'database', is: 'other', network: 'bridge' },
  ];
  containers(outside, ...others);
  expect(await removeIdle()).toEqual([
    ...['container charter-outside', 'network charter-kind', 'network charter-outside'],
  ]);
  expect(left('containers')).toEqual(['kind-control-plane', 'database']);
  expect(left('networks')).toEqual(['bridge']);
});

test('a network that got a container meanwhile is not called removed', async () => {
  containers(node);
  writeFileSync(join(there.known, 'late'), '');
  expect(await removeIdle()).toEqual([]);
  expect(left('networks')).toHaveLength(3);
});
