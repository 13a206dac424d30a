// What building the runner's image again costs after one campaign has changed, beside all of that image. In a copy of the sources with an
// image store of its own: neither this checkout nor its images change.
import { appendFileSync, cpSync, globSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { run } from '../hack/kind/command.ts';
import { temporaryFolder } from '../hack/kind/temporary.ts';
import { inSeconds, ratio, seconds, table } from './measure.ts';
import { root } from './sample.ts';

export async function benchImage(): Promise<void> {
  const copy = temporaryFolder('bench-image');
  try {
    copySources(copy);
    const make = (...words: readonly string[]) =>
      run([join(copy, 'hack/node'), '--no-warnings', join(copy, 'hack/image/main.ts'), ...words], {
        cwd: copy,
      });
    const makeRunner = () => make('build', '--target', 'runner');
    const base = await seconds(() => make('base'));
    const whole = await seconds(makeRunner);
    const first = idIn(copy);
    const same = await seconds(makeRunner);
    if (idIn(copy) !== first) throw new Error('an image of the same sources is another');
    changeOneSuite(copy);
    const changed = await seconds(makeRunner);
    if (idIn(copy) === first) throw new Error('the changed suite is not in the image');
    table(
      "the runner's image, beside all of it above a base that is at hand",
      ['what', 'time', 'ratio'],
      [
        ['all of it: packages, tree, compile cache, image, archive', inSeconds(whole), ''],
        ['one suite changed', inSeconds(changed), ratio(changed, whole)],
        ['nothing changed', inSeconds(same), ratio(same, whole)],
        ['the base below it, once', inSeconds(base), ratio(base, whole)],
      ],
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const notSources = new Set(['node_modules', '.git', '.kind', 'charter-out', 'coverage']);

function copySources(to: string): void {
  const isSource = (path: string) => !notSources.has(relative(root, path).split(sep)[0] ?? '');
  cpSync(root, to, { recursive: true, filter: isSource });
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
}

function changeOneSuite(folder: string): void {
  const [suite] = globSync('suites/charter/**/*.campaign.ts', { cwd: folder }).toSorted();
  if (suite === undefined) throw new Error('no suite is there to change');
  appendFileSync(join(folder, suite), '// changed by the benchmark\n');
}

function idIn(folder: string): string {
  const record = readFileSync(join(folder, '.kind/images/akko-charter-runner.build.json'), 'utf8');
  return (JSON.parse(record) as { id: string }).id;
}
