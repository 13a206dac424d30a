import { expect, test } from 'vitest';
import { processFacts } from './process.ts';

const status = (lines: Record<string, string> = {}) =>
  Object.entries({
    Name: 'node',
    Uid: '65532\t65532\t65532\t65532',
    CapInh: '0000000000000000',
    CapEff: '0000000000000000',
    NoNewPrivs: '1',
    ...lines,
  })
    .map(([name, value]) => `${name}:\t${value}\n`)
    .join('');
const mounts = (options: string) =>
  `512 400 0:60 / / ${options} master:1 - overlay overlay rw,lowerdir=/a\n513 512 0:61 / /proc rw,nosuid - proc proc rw\n514 512 0:62 / /tmp rw - tmpfs tmpfs rw\n`;
const sound = {
  effectiveUid: 65532,
  effectiveCapabilities: '0000000000000000',
  noNewPrivileges: true,
  rootIs: 'read-only',
};

test('a hardened Pod', () => {
  expect(processFacts(status(), mounts('ro,relatime'))).toEqual(sound);
});

test.each([
  [{ Uid: '1000\t0\t0\t0' }, { effectiveUid: 0 }],
  [{ CapEff: '00000000a80425fb' }, { effectiveCapabilities: '00000000a80425fb' }],
  [{ NoNewPrivs: '0' }, { noNewPrivileges: false }],
])('%j', (lines, facts) => {
  expect(processFacts(status(lines), mounts('ro'))).toEqual({ ...sound, ...facts });
});

test('the root may be written when the mount says rw, whatever other mounts say', () => {
  expect(processFacts(status(), mounts('rw,relatime,errors=remount-ro')).rootIs).toBe('writable');
});

test('of two mounts at the root the upper one counts', () => {
  expect(processFacts(status(), mounts('ro') + mounts('rw')).rootIs).toBe('writable');
});

test.each([
  ['', mounts('ro')],
  [status(), ''],
])('what cannot be read is no fact', (...texts) => {
  expect(() => processFacts(...texts)).toThrow(/has no/);
});
