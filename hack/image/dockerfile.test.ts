import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { publishedBase, targets } from './images.ts';
import { treeParts } from './tree.ts';

const instructions = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const of = (word: string) => instructions.filter((line) => line.startsWith(`${word} `));

test('there is a target for each deployable', () => {
  const stages = of('FROM').map((line) => line.split(' AS ')[1]);
  expect(stages).toEqual(['app', ...targets]);
  expect(of('ARG')).toEqual([`ARG BASE=${publishedBase}`]);
});

test('a build copies the parts of the tree and runs nothing', () => {
  const sources = of('COPY').map((line) => line.split(' ').slice(1));
  const expected = ['package.json', ...treeParts].map((part) => [`.kind/image/tree/${part}`, `/app/${part}`]);
  expect(sources.toSorted()).toEqual(expected.toSorted());
  expect([...of('RUN'), ...of('ADD')]).toEqual([]);
});

test('a build sees nothing but the tree', () => {
  const rules = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n');
  expect(rules.filter((line) => line !== '' && !line.startsWith('#'))).toEqual(['*', '!.kind/image/tree']);
});

test('a container is started as the chart expects', () => {
  expect(of('USER')).toEqual(['USER 65532:65532']);
  expect(of('ENTRYPOINT')).toEqual([
    'ENTRYPOINT ["/usr/local/bin/node", "--no-warnings", "/app/runner/cli/charter.mjs"]',
  ]);
  expect(of('CMD')).toEqual(['CMD ["run"]', 'CMD ["platform"]']);
  expect(of('ENV').join(' ')).toContain(
    'CHARTER_CONFIG=/etc/charter/charter.yaml CHARTER_OUT=/tmp/charter-out',
  );
});
