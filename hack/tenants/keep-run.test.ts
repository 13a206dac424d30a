import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { keepRun, secretsOf } from './keep-run.ts';
import { remoteSecret } from './secret-of-remote.ts';

test('reports and evidence of this run are kept, without tokens; those of earlier runs are not', () => {
  const home = mkdtempSync(join(tmpdir(), 'charter-keep-run-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const [from, folder] = [join(home, 'out'), join(home, 'failure')];
  for (const one of [join(from, 'evidence', 'charter_1_ten_9_1'), folder])
    mkdirSync(one, { recursive: true });
  const token = 'token-of-the-proxy';
  writeFileSync(join(from, 'charter-1.jsonl'), `{"said":"the words ${token}"}`);
  writeFileSync(join(from, 'evidence', 'charter_1_ten_9_1', 'operator.log'), 'lines of the operator');
  writeFileSync(join(from, 'charter-0.jsonl'), 'of yesterday');
  utimesSync(join(from, 'charter-0.jsonl'), 1_000, 1_000);

  const kubeconfig = stringify({ users: [{ name: 'remote-a', user: { token } }] });
  const secrets = secretsOf([remoteSecret('remote-a', 'tenant-operator', kubeconfig)]);
  expect(secrets).toContain(token);
  keepRun(from, folder, { since: 2_000_000, secrets });
  expect(readdirSync(folder).toSorted()).toEqual([
    'run-charter-1.jsonl',
    'run-evidence-charter_1_ten_9_1-operator.log',
  ]);
  expect(readFileSync(join(folder, 'run-charter-1.jsonl'), 'utf8')).toBe('{"said":"the words <masked>"}');
});
