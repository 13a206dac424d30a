// The rules of the house: which room may know which, and that doors are used. docs/architecture.md shows the same table.
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Every room may import `errors`. `types` may be imported with `import type` only. */
const rooms: Record<string, { readonly may: readonly string[]; readonly types?: readonly string[] }> = {
  errors: { may: [] },
  config: { may: [] },
  clients: { may: [] },
  apiserver: { may: [] },
  journal: { may: [] },
  campaign: { may: ['clients', 'config', 'apiserver'], types: ['journal'] },
  redaction: { may: [], types: ['journal'] },
  execution: { may: ['journal', 'config', 'campaign', 'apiserver', 'redaction'] },
  report: { may: ['journal'] },
  store: { may: ['journal'] },
  cockpit: { may: ['store', 'report'] },
  kube: { may: [] },
  controller: { may: ['kube'] },
  tenants: { may: ['controller', 'kube'] },
  network: { may: ['kube'] },
  cli: {
    may: [
      'config',
      'clients',
      'apiserver',
      'journal',
      'campaign',
      'execution',
      'redaction',
      'report',
      'store',
      'cockpit',
      'network',
      'tenants',
    ],
  },
};

/** What a deployable of the runner must not pull in; `kube` is the only room with the Kubernetes client. */
const packagesOf: Record<string, readonly string[]> = {
  '@kubernetes/client-node': ['kube'],
  zx: [],
  'node-sql-parser': [],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
  readonly kind: 'type' | 'value';
}

const runner = import.meta.dirname;
const root = resolve(runner, '..');

function importsOf(pattern: string): Import[] {
  return globSync(pattern, { cwd: root }).flatMap((file) => {
    const text = readFileSync(resolve(root, file), 'utf8');
    const found = text.matchAll(
      /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)/gm,
    );
    return [...found].map(([, type, from, dynamic]) => ({
      file,
      room: file.split('/')[1] ?? '',
      specifier: from ?? dynamic ?? '',
      kind: type === undefined ? ('value' as const) : ('type' as const),
    }));
  });
}

function target({ file, specifier }: Import): string {
  return relative(root, resolve(root, dirname(file), specifier));
}

const production = importsOf('runner/**/*.ts').filter(
  ({ file }) =>
    !/\.(test|soak)\.ts$|\/(testdata|testing)\b|-testing\.ts$/.test(file) && file.split('/').length > 2,
);
const between = production.filter(
  (one) => one.specifier.startsWith('.') && !target(one).startsWith(`runner/${one.room}/`),
);

test('the rooms are known', () => {
  expect([...new Set(production.map(({ room }) => room))].filter((room) => !(room in rooms))).toEqual([]);
  expect(between.length).toBeGreaterThan(10);
});

describe.each(Object.entries(rooms))('%s', (room, { may, types = [] }) => {
  const own = between.filter((one) => one.room === room && target(one).startsWith('runner/'));

  test('imports only the rooms it may know', () => {
    const allowed = (one: Import) => {
      const other = target(one).split('/')[1] ?? '';
      return other === 'errors' || may.includes(other) || (one.kind === 'type' && types.includes(other));
    };
    expect(
      own.filter((one) => !allowed(one)).map(({ file, specifier }) => `${file} -> ${specifier}`),
    ).toEqual([]);
  });

  test('enters other rooms by their front door', () => {
    const deeper = own.filter((one) => target(one).split('/').slice(2).join('/') !== 'index.ts');
    expect(deeper.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });
});

test('nothing beside the runner is known to it, but to cli the fixtures, when a command asks for them', () => {
  const reaching = between.filter((one) => !target(one).startsWith('runner/'));
  expect(reaching.length).toBeGreaterThan(0);
  const text = (file: string) => readFileSync(resolve(root, file), 'utf8');
  const wrong = reaching.filter(
    (one) =>
      one.room !== 'cli' ||
      !target(one).startsWith('fixtures/') ||
      (one.kind === 'value' && !text(one.file).includes(`import('${one.specifier}')`)),
  );
  expect(wrong.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
});

test('campaigns import the runner by its name only', () => {
  const reaching = importsOf('suites/**/*.ts').filter(
    (one) => one.specifier.startsWith('.') && !target(one).startsWith('suites/'),
  );
  expect(
    reaching
      .filter(({ file }) => !file.endsWith('.test.ts'))
      .map(({ file, specifier }) => `${file} -> ${specifier}`),
  ).toEqual([]);
});

test('packages of development stay out of the runner', () => {
  const declared = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const packages = production.filter(
    ({ specifier }) => !/^(\.|node:)/.test(specifier) && !specifier.startsWith('charter-runner'),
  );
  const name = (specifier: string) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  const wrong = packages.filter(({ specifier, room }) => {
    const holders = packagesOf[name(specifier)];
    return holders === undefined ? !(name(specifier) in declared.dependencies) : !holders.includes(room);
  });
  expect(wrong.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
});
