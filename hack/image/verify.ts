// Proves what docs/image.md promises: built twice, the same bytes; by docker, the same content; run read-only without a name or a right,
// all campaigns green.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { action } from '../kind/action.ts';
import { digestOf } from '../kind/load.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { account } from './account.ts';
import { type Built, build } from './build.ts';
import { buildahCommand } from './buildah.ts';
import { chooseBuilder } from './builder.ts';
import { compareWithDocker } from './by-docker.ts';
import { filesOf, nameOf, targets, treeOf, workFolder } from './images.ts';
import { ended, sandbox } from './sandbox.ts';
import { judgeStarts } from './starts.ts';
import type { TreeName } from './trees.ts';

/** One line for each thing proven; throws at the first that does not hold. */
export async function verify(): Promise<string[]> {
  const store = workFolder('store');
  const first = await buildAnew(store, 0o022);
  const second = await buildAnew(workFolder('second-store'), 0o077);
  rmSync(workFolder('second-store'), { recursive: true, force: true });
  const same = first.digests.map((digest, i) => {
    if (digest !== second.digests[i])
      throw new Error(`two builds differ: ${digest} and ${second.digests[i]}`);
    return `two builds are the same bytes: ${digest}`;
  });
  const byDocker = await Promise.all(second.built.filter(isSmallest).map(compareWithDocker));
  return [...same, ...byDocker, ...(await runImages(store, first.built))];
}

const isSmallest = ({ target }: Built) => target === 'probe';

/** Bytes above the base, compressed; helm alone is 20 MB. */
const largest: Readonly<Record<TreeName, number>> = { runner: 18e6, probe: 1e6, harness: 45e6 };

interface Round {
  readonly built: readonly Built[];
  readonly digests: readonly string[];
}

/** From nothing but the base: packages, tree and images are made again, under a umask that must not matter. */
async function buildAnew(store: string, umask: number): Promise<Round> {
  for (const folder of ['packages', 'tree']) rmSync(workFolder(folder), { recursive: true, force: true });
  for (const target of targets) rmSync(filesOf(nameOf[target]).record, { force: true });
  const before = process.umask(umask);
  try {
    const builder = await chooseBuilder(store);
    const built = await build({ builder, targets });
    for (const one of built) {
      const { ours } = await account(builder, one);
      if (ours.compressed > largest[treeOf[one.target]])
        throw new Error(`${one.image} has grown to ${ours.compressed} bytes above its base, compressed`);
    }
    const files = built.flatMap(({ target }) => {
      const { archive, sbom } = filesOf(nameOf[target]);
      return [archive, sbom];
    });
    return { built, digests: await Promise.all(files.map(told)) };
  } finally {
    process.umask(before);
  }
}

const told = async (file: string) => `sha256:${await digestOf(file)} ${basename(file)}`;

async function runImages(store: string, built: readonly Built[]): Promise<string[]> {
  const tmp = temporaryFolder('image');
  const buildah = buildahCommand(store);
  const [runnerImage = '', platformImage = ''] = built.map(({ image }) => image);
  const platform = await sandbox({ buildah, image: platformImage, tmp });
  const runner = await sandbox({ buildah, image: runnerImage, tmp });
  let served: ChildProcess | undefined;
  try {
    const embedded = await action('run all campaigns in the platform image', () =>
      ended(platform.start(['run', '--embedded'])),
    );
    expectEnd('the platform image, run --embedded', embedded, 0, green);
    const refused = await ended(runner.start(['run', '--embedded']));
    expectEnd('the runner image, run --embedded', refused, 2, /carries it only as a target of its own/);

    served = platform.start([
      'platform',
      '--until-stdin-closes',
      '--config-out',
      '/tmp/charter.yaml',
      '--secrets-dir',
      '/tmp/secrets',
    ]);
    while (!existsSync(join(tmp, 'charter.yaml')) && served.exitCode === null)
      await new Promise((tick) => setTimeout(tick, 20));
    const env = { CHARTER_EMBEDDED: 'true', CHARTER_CONFIG: '/tmp/charter.yaml' };
    const run = await action('run all campaigns in the runner image', () =>
      ended(runner.start(undefined, env)),
    );
    expectEnd('the runner image', run, 0, green);
    const written = filesBelow(tmp).filter((path) => !expected.test(path));
    if (written.length > 0) throw new Error(`the runner left beside its reports: ${written.join(', ')}`);
    const starts: number[] = [];
    for (let i = 0; i < 5; i++) {
      const start = await ended(runner.start(['run', '--campaign', 'C-10'], env));
      expectEnd('the runner image, one campaign', start, 0, green);
      starts.push(Math.round(start.firstResultMs ?? Number.POSITIVE_INFINITY));
    }
    return [
      `the platform image runs all campaigns: ${summaryOf(embedded.text)}`,
      `the runner image runs all campaigns, root read-only, uid 65532: ${summaryOf(run.text)}`,
      'the runner left nothing beside its reports',
      'the runner image says that it carries no platform',
      judgeStarts(starts),
    ];
  } finally {
    // unshare itself heeds no SIGTERM while it waits.
    served?.stdin?.end();
    if (served !== undefined) await ended(served);
    for (const one of [platform, runner]) await one.remove();
    rmSync(tmp, { recursive: true, force: true });
  }
}

/** What the platform gave and the runner may leave in /tmp. */
const expected = /^(charter-out|secrets)\/|^charter\.yaml$/;
const green = /SUMMARY tests=\d+ pass=[1-9]\d* fail=0 err=0/;

function expectEnd(
  what: string,
  { code, text }: { code: number | null; text: string },
  expected: number,
  said: RegExp,
): void {
  if (code === expected && said.test(text)) return;
  throw new Error(`${what}: exit code ${code}, expected ${expected} and ${said}:\n${text.slice(-2_000)}`);
}

function summaryOf(text: string): string {
  return /SUMMARY (.*)/.exec(text)?.[1] ?? '';
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
