import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../kind/paths.ts';
import { nameOf, productionPackages } from './production.ts';
import { droppedFiles, droppedPackages } from './prune.ts';
import { lockfile, makeTree } from './tree.ts';
import { contentsOf } from './trees.ts';

const folder = mkdtempSync(join(tmpdir(), 'charter-tree-'));
const tree = join(folder, 'tree');
let files: string[] = [];

beforeAll(async () => {
  await makeTree('runner', tree, { packagesFrom: join(projectRoot, 'node_modules') });
  files = globSync('**', { cwd: tree, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('is made of the parts that the Dockerfile copies, but for what is compiled last', () => {
  const text = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
  const copied = [...text.matchAll(/^COPY \.kind\/image\/tree\/runner\/(\S+)/gm)].map(([, part]) => part);
  expect([...readdirSync(tree), 'compiled'].toSorted()).toEqual(copied.toSorted());
});

describe('packages', () => {
  const shipped = () =>
    readdirSync(join(tree, 'node_modules')).flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(tree, 'node_modules', name)).map((one) => `${name}/${one}`)
        : [name],
    );

  test('are those of production', () => {
    const production = productionPackages(lockfile(), contentsOf.runner.packages).map(({ path }) =>
      nameOf(path),
    );
    expect(shipped().toSorted()).toEqual(production.toSorted());
  });

  test('are none of development, none of Kubernetes, no Node', () => {
    const { packages } = lockfile();
    const unwanted = shipped().filter((name) => {
      const locked = packages[`node_modules/${name}`];
      return locked?.dev || /^(@kubernetes\/|node-linux-|typescript|zx$)/.test(name);
    });
    expect(unwanted).toEqual([]);
  });

  test('carry no machine code, no types, no map, no link', () => {
    expect(files.filter((path) => /\.(node|so|wasm|map|d\.[cm]?ts)$/.test(path))).toEqual([]);
    const links = globSync('**', { cwd: tree, withFileTypes: true }).filter((entry) =>
      entry.isSymbolicLink(),
    );
    expect(links).toEqual([]);
  });

  test('keep their licences', () => {
    const without = shipped().filter((name) => {
      const source = join(projectRoot, 'node_modules', name);
      const has = (at: string) => readdirSync(at).some((file) => /^licen[cs]e/i.test(file));
      return existsSync(source) && has(source) && !has(join(tree, 'node_modules', name));
    });
    expect(without).toEqual([]);
  });

  test.each(['zod', 'yaml'])('%s is one file, with every name that it had', async (name) => {
    const modules = files.filter(
      (path) => path.startsWith(`node_modules/${name}/`) && /\.[cm]?js$/.test(path),
    );
    expect(modules).toHaveLength(1);
    const shippedOne = await import(join(tree, modules[0] ?? ''));
    expect(Object.keys(shippedOne)).toEqual(Object.keys(await import(name)));
  });

  test('every rule of the list leaves something out', () => {
    const { packages } = lockfile();
    const names = Object.keys(packages).map(nameOf);
    expect(droppedPackages.filter(({ path }) => !names.some((name) => path.test(name)))).toEqual([]);
    const all = productionPackages(lockfile(), contentsOf.runner.packages).flatMap(({ path }) =>
      readdirSync(join(projectRoot, path), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(nameOf(path), file),
      ),
    );
    expect(droppedFiles.filter(({ path }) => !all.some((file) => path.test(file)))).toEqual([]);
  });
});

describe('sources', () => {
  const sources = () => files.filter((path) => !path.startsWith('node_modules'));

  test('are no tests and nothing that only tests use', () => {
    const ofTests = sources().filter((path) => /(?<!vi)test|soak|golden|hack\/|bench\//.test(path));
    expect(ofTests).toEqual([]);
    expect(sources().length).toBeGreaterThan(200);
  });

  test('find everything they import', () => {
    const missing = sources().flatMap((path) => {
      const text = readFileSync(join(tree, path), 'utf8');
      // `import type` is gone when Node runs the file.
      const imports = text.matchAll(
        /^(?:import|export)\s(?!type\b)[^'";]*?from\s'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm,
      );
      return [...imports].flatMap(([, from, dynamic]) => {
        const file = join(dirname(path), from ?? dynamic ?? '');
        // cli/main.ts says which commands an image does not carry.
        const mayLack = path === 'runner/cli/main.ts' && dynamic !== undefined;
        return mayLack || existsSync(join(tree, file)) ? [] : [`${path} -> ${file}`];
      });
    });
    expect(missing).toEqual([]);
  });

  test('package.json says nothing of development', () => {
    const manifest = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(manifest).toSorted()).toEqual(
      ['dependencies', 'exports', 'license', 'name', 'private', 'type', 'version'].toSorted(),
    );
  });
});

function charter(...args: string[]) {
  const out = join(folder, 'out');
  return spawnSync(
    process.execPath,
    ['--no-warnings', join(tree, 'runner/cli/charter.mjs'), ...args, '--out', out],
    {
      encoding: 'utf8',
      timeout: 50_000,
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
    },
  );
}

test('runs campaigns with nothing else at hand', () => {
  const { status, stdout, stderr } = charter('run', '--embedded', '--campaign', 'C-10');
  expect(`${stdout}${stderr}`).toMatch(/SUMMARY tests=\d+ pass=[1-9]\d* fail=0 err=0/);
  expect(status).toBe(0);
}, 60_000);

test('says what is missing where there is no reference platform', () => {
  rmSync(join(tree, 'fixtures'), { recursive: true });
  const { status, stderr } = charter('run', '--embedded');
  expect(stderr).toContain('an image carries it only as a target of its own');
  expect(status).toBe(2);
}, 60_000);

test('a damaged image ends its run at once', () => {
  rmSync(join(tree, 'runner', 'cli', 'conclude.ts'));
  const { status, signal, stderr } = charter('run');
  expect(stderr).toContain('conclude.ts');
  expect([status, signal]).toEqual([2, null]);
}, 60_000);
