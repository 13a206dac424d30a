// What each tree holds, and that it does its work with nothing else at hand. tree.test.ts runs campaigns in the runner's.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { makeTree } from './tree.ts';
import { type TreeName, treeNames } from './trees.ts';

const folder = mkdtempSync(join(tmpdir(), 'charter-trees-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = {} as Record<TreeName, string>;
for (const name of treeNames) {
  made[name] = join(folder, name);
  await makeTree(name, made[name], { packagesFrom: join(projectRoot, 'node_modules') });
}

function node(tree: TreeName, file: string, args: readonly string[], timeout: number) {
  const words = ['--no-warnings', join(made[tree], file), ...args];
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
  return spawnSync(process.execPath, words, { encoding: 'utf8', env, timeout });
}

const charter = (tree: TreeName, ...args: readonly string[]) =>
  node(tree, 'runner/cli/charter.mjs', args, 60_000);

describe('runner', () => {
  test('holds nothing that could change a cluster', () => {
    const found = globSync(['runner/{kube,controller,tenants,network}/**', 'node_modules/@kubernetes/**'], {
      cwd: made.runner,
    });
    expect(found).toEqual([]);
  });

  test.each(['network', 'operator'])(
    'says that it does not carry `charter %s`',
    (command) => {
      const { status, stderr } = charter('runner', command);
      expect(status).toBe(2);
      expect(stderr).toContain(`this image does not carry \`charter ${command}\``);
      expect(stderr).toContain('CHR_COMMAND_ABSENT');
    },
    60_000,
  );

  test('shows the pages of the cockpit', () => {
    const { stderr, status } = charter('runner', 'cockpit', '--help');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(globSync('runner/cockpit/assets/*.css', { cwd: made.runner })).not.toEqual([]);
  }, 60_000);
});

describe('harness', () => {
  test('judges manifests', () => {
    const manifests = join(projectRoot, 'fixtures', 'network', 'manifests');
    const { status, stdout } = charter('harness', 'network', 'matrix', '--file', manifests);
    expect(status).toBe(0);
    expect(stdout).not.toBe('');
  }, 60_000);

  test('carries the operator and its CRD', () => {
    const { status, stdout } = charter('harness', 'operator', 'tenants', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--chart-values-file');
    expect(globSync('runner/tenants/*.crd.yaml', { cwd: made.harness })).toHaveLength(1);
  }, 60_000);
});

test('the probe is a handful of files and no package', () => {
  const files = globSync('**/*.*', { cwd: made.probe });
  expect(files.filter((path) => !/^(package\.json|runner\/network\/probe\/[a-z-]+\.ts)$/.test(path))).toEqual(
    [],
  );
  // It waits for its plan; what it lacks it would say at once.
  const { stderr, error } = node('probe', 'runner/network/probe/main.ts', [], 5_000);
  expect(stderr).toBe('');
  expect(error).toMatchObject({ code: 'ETIMEDOUT' });
}, 60_000);
