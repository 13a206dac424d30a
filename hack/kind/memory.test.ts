// A fix for too little memory is a command that can be run.
import { expect, test } from 'vitest';
import { memoryFinding } from './memory.ts';

test.each([
  [8, 'ok'],
  [3.9, 'warning'],
  [1.9, 'problem'],
] as const)('%s GiB are %s', (free, level) => {
  expect(memoryFinding(free, ['home'], [])).toMatchObject({
    level,
    seen: `${free.toFixed(1)} GiB available`,
  });
});

const all = ['home', 'remote-a', 'remote-b'];

test.each([
  [
    'a cluster runs that nobody asked for',
    ['home'],
    ['home', 'remote-b'],
    /make kind-down CLUSTERS="remote-b"$/,
  ],
  ['all run that are asked for', all, all, /make kind-down CLUSTERS="remote-a remote-b"$/],
  ['none runs and three are asked for', all, [], /make kind-up CLUSTERS=home$/],
  ['the first of three runs', all, ['home'], /make kind-up CLUSTERS=home$/],
  ['none runs and one is asked for', ['remote-a'], [], /ps -eo rss,pid,comm --sort=-rss \| head$/],
  ['only the one that is asked for runs', ['home'], ['home'], /ps -eo rss,pid,comm --sort=-rss \| head$/],
])('what helps where %s', (_, wanted, running, fix) => {
  expect(memoryFinding(1, wanted, running).fix).toMatch(fix);
});
