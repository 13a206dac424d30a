// Every way in which a cell can seem denied or allowed, and the name it gets. The rows are the contract; nothing here runs a prober.
import { describe, expect, test } from 'vitest';
import { type Evidence, judgeCell } from './judge-cell.ts';
import type { Outcome } from './types.ts';

const twice = (outcome: Outcome, saw: 'yes' | 'no' | 'cannot-tell' = 'no') => [
  { outcome, saw },
  { outcome, saw },
];
const deny: Evidence = {
  expected: 'denied',
  last: twice('refused'),
  signals: ['refused'],
  control: 'talked',
};
const allow: Evidence = { ...deny, expected: 'allowed', last: twice('ok', 'yes') };

describe('passes', () => {
  test.each<[string, Evidence, string]>([
    ['allowed: answered, and the server saw it', allow, 'talked'],
    ['allowed: a target without a prober answered', { ...allow, last: twice('ok', 'cannot-tell') }, 'talked'],
    ['denied: the signal, unseen, and a control talked', deny, 'control'],
    ['denied: no control can talk, but it was open before', { ...deny, control: 'none' }, 'open-before'],
    [
      'denied: a timeout where the engine drops',
      { ...deny, last: twice('timeout'), signals: ['timeout'] },
      'control',
    ],
    // A server that answers others is no dead one, whatever its own probe says at this moment.
    ['allowed: though its self-probe fails', { ...allow, server: 'dead-peer' }, 'talked'],
  ])('%s', (_, evidence, proof) => {
    expect(judgeCell(evidence)).toMatchObject({ verdict: 'pass', proof });
  });
});

describe('does not pass, and says why', () => {
  test.each<[string, Evidence, 'fail' | 'error', string]>([
    ['a talk where a deny was expected', { ...deny, last: twice('ok', 'yes') }, 'fail', 'not-enforced'],
    ['a deny where a talk was expected', { ...allow, last: twice('refused') }, 'fail', 'blocked'],
    [
      'a deny where a talk was expected, not as this engine denies',
      { ...allow, last: twice('timeout') },
      'error',
      'wrong-signal',
    ],
    [
      'a deny where a talk was expected, and an end that talks with nobody',
      { ...allow, last: twice('refused'), control: 'failed' },
      'error',
      'control-failed',
    ],
    [
      'a deny where a talk was expected, of an engine that was not seen to deny',
      { ...allow, last: twice('refused'), signals: [] },
      'error',
      'not-calibrated',
    ],
    ['a deny with another signal', { ...deny, last: twice('timeout') }, 'error', 'wrong-signal'],
    [
      'a reject on an engine that drops',
      { ...deny, signals: ['timeout'], last: twice('refused') },
      'error',
      'wrong-signal',
    ],
    ['a deny that nobody learned', { ...deny, signals: [] }, 'error', 'not-calibrated'],
    ['a deny while the control is silent', { ...deny, control: 'failed' }, 'error', 'control-failed'],
    ['a deny that never was open', { ...deny, control: 'never' }, 'error', 'never-open'],
    ['a deny by a dead server', { ...deny, server: 'dead-peer' }, 'error', 'dead-peer'],
    [
      'a silence of a dead server, expected open',
      { ...allow, last: twice('refused'), server: 'dead-peer' },
      'error',
      'dead-peer',
    ],
    ['a deny by a moved server', { ...deny, server: 'stale-address' }, 'error', 'stale-address'],
    ['a deny by a server that is not heard', { ...deny, server: 'silent-prober' }, 'error', 'silent-prober'],
    ['a deny of a client that is not heard', { ...deny, client: 'silent-prober' }, 'error', 'silent-prober'],
    [
      'a deny of a client that reaches nobody',
      { ...deny, client: 'broken-client' },
      'error',
      'broken-client',
    ],
    ['a deny of a client that sent nothing', { ...deny, last: twice('broken') }, 'error', 'broken-client'],
    ['a deny by a wrong clock', { ...deny, client: 'skewed-clock' }, 'error', 'skewed-clock'],
    ['a talk by a wrong clock', { ...allow, server: 'skewed-clock' }, 'error', 'skewed-clock'],
    [
      'a nonce that arrived and was not answered',
      { ...deny, last: twice('refused', 'yes') },
      'error',
      'one-way',
    ],
    [
      'the same, by a server that cannot answer itself either',
      { ...deny, last: twice('timeout', 'yes'), server: 'dead-peer' },
      'error',
      'one-way',
    ],
    ['an answer that no server tells of', { ...allow, last: twice('ok', 'no') }, 'error', 'unseen'],
    ['an answer of somebody else', { ...deny, last: twice('wrong-identity') }, 'error', 'wrong-identity'],
    ['an answer to another question', { ...allow, last: twice('wrong-nonce') }, 'error', 'wrong-nonce'],
    ['no cycle at all', { ...deny, last: [] }, 'error', 'silent-prober'],
    ['one cycle', { ...deny, last: twice('refused').slice(1) }, 'error', 'silent-prober'],
    [
      'two cycles that contradict',
      { ...deny, last: [...twice('ok', 'yes').slice(1), ...twice('refused').slice(1)] },
      'error',
      'transient',
    ],
    [
      'a deny where a talk was expected, in the second cycle only',
      { ...allow, last: [...twice('refused', 'yes').slice(1), ...twice('refused').slice(1)] },
      'error',
      'transient',
    ],
    [
      'a talk where a deny was expected, in the second cycle only',
      { ...deny, last: [...twice('wrong-nonce').slice(1), ...twice('ok', 'yes').slice(1)] },
      'error',
      'transient',
    ],
  ])('%s', (_, evidence, verdict, problem) => {
    expect(judgeCell(evidence)).toMatchObject({ verdict, problem });
  });
});

test.each(['implementation-defined', 'unknown'] as const)('%s is reported and not judged', (expected) => {
  expect(judgeCell({ ...deny, expected })).toEqual({ verdict: 'not-judged', observed: 'denied' });
});

test('nothing passes a deny without signal, living server, and proof of both ends', () => {
  const outcomes: Outcome[] = [
    'ok',
    'timeout',
    'refused',
    'reset',
    'unreachable',
    'wrong-nonce',
    'wrong-identity',
  ];
  const passing = outcomes.flatMap((outcome) =>
    (['yes', 'no'] as const).flatMap((saw) =>
      (['talked', 'failed', 'none', 'never'] as const).flatMap((control) =>
        ([undefined, 'dead-peer', 'stale-address', 'silent-prober'] as const).flatMap((server) => {
          const evidence = { ...deny, last: twice(outcome, saw), control, server };
          return judgeCell(evidence).verdict === 'pass' ? [`${outcome} ${saw} ${control} ${server}`] : [];
        }),
      ),
    ),
  );
  expect(passing).toEqual(['refused no talked undefined', 'refused no none undefined']);
});
