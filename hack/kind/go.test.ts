// Go is a problem of the host exactly where something must be built that it could not build.
import { expect, test } from 'vitest';
import { type GoNeed, goFinding } from './go.ts';

const answered = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const none = { code: 127, stdout: '', stderr: 'go: command not found' };

const need = (what: string, go: string, atHand: boolean): GoNeed => ({
  what,
  go,
  isAtHand: async () => atHand,
});
const kind = need('kind 0.33', '1.24.0', false);
const helm = need('helm 4.3', '1.26.0', false);
const keptHelm = need('helm 4.3', '1.26.0', true);

test.each([
  ['new enough', answered('go1.26.1\nlocal\n'), [kind, helm], { level: 'ok', seen: 'go1.26.1' }],
  ['old, but fetches a newer one', answered('go1.24.4\nauto\n'), [kind, helm], { level: 'ok' }],
  [
    'old, and may not fetch a newer one',
    answered('go1.24.4\nlocal\n'),
    [kind, helm],
    {
      level: 'problem',
      seen: 'go1.24.4, and not at hand: helm 4.3',
      fix: 'install Go 1.26.0 or newer: it builds what is missing',
    },
  ],
  [
    'old, and what it cannot build is at hand',
    answered('go1.24.4\nlocal\n'),
    [kind, keptHelm],
    { level: 'warning', seen: 'go1.24.4' },
  ],
  [
    'of a time when none was fetched',
    answered('go1.19.8\n\n'),
    [kind],
    { level: 'problem', fix: 'install Go 1.24.0 or newer: it builds what is missing' },
  ],
  [
    'not there, and needed',
    none,
    [kind, keptHelm],
    {
      level: 'problem',
      seen: 'none, and not at hand: kind 0.33',
      fix: 'install Go 1.24.0 or newer: it builds what is missing',
    },
  ],
  [
    'not there, and nothing needs it',
    none,
    [keptHelm],
    {
      level: 'warning',
      seen: 'none',
      fix: 'install Go 1.26.0 or newer before something new must be built; at hand are helm 4.3',
    },
  ],
])('a Go that is %s', async (_, end, needs, expected) => {
  expect(await goFinding(end, needs)).toMatchObject(expected);
});

test('where Go can build all, nobody looks what is at hand', async () => {
  const asked = { ...kind, isAtHand: () => Promise.reject(new Error('was asked')) };
  expect(await goFinding(answered('go1.26.1\nlocal\n'), [asked])).toMatchObject({ level: 'ok' });
});
