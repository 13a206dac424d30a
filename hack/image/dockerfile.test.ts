import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { publishedBase, targets } from './images.ts';
import { treeNames } from './trees.ts';

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

test('a build copies parts of the trees to /app, or commands to where they are found, and runs nothing', () => {
  const from = new RegExp(`^COPY \\.kind/image/tree/(?:${treeNames.join('|')})/(\\S+) (\\S+)$`);
  for (const line of of('COPY')) {
    const [, part, to] = from.exec(line) ?? [];
    expect(to, line).toBe(part === 'bin' ? '/usr/local/bin' : `/app/${part}`);
  }
  expect([...of('RUN'), ...of('ADD')]).toEqual([]);
});

test('a build sees nothing but the tree', () => {
  const rules = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n');
  expect(rules.filter((line) => line !== '' && !line.startsWith('#'))).toEqual(['*', '!.kind/image/tree']);
});

test('a container is started as the chart expects', () => {
  expect(new Set(of('USER'))).toEqual(new Set(['USER 65532:65532']));
  const started = (file: string) => `ENTRYPOINT ["/usr/local/bin/node", "--no-warnings", "/app/${file}"]`;
  expect(of('ENTRYPOINT')).toEqual([
    started('runner/cli/charter.mjs'),
    started('runner/network/probe/main.ts'),
  ]);
  expect(of('CMD')).toEqual([
    'CMD ["run"]',
    'CMD ["platform"]',
    'CMD ["run"]',
    'CMD ["operator", "tenants"]',
  ]);
  expect(of('ENV').join(' ')).toContain(
    'CHARTER_CONFIG=/etc/charter/charter.yaml CHARTER_OUT=/tmp/charter-out CHARTER_LOG=stdout',
  );
});
