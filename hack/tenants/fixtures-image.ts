// Builds the image of chart server, registry and fault proxy from this checkout, Debian's docker-registry and the base of our images.
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseImage } from '../image/base.ts';
import { chooseBuilder } from '../image/builder.ts';
import { workFolder } from '../image/images.ts';
import { normalise } from '../image/normalise.ts';
import { stampedArchive } from '../image/stamped.ts';
import { action } from '../kind/action.ts';
import { run, shell } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';

export const fixturesImage = 'charter-tenants-fixtures:e2e';
const packages = ['zod', 'yaml'];

/** Path of the docker-archive; built when something that goes into it has changed. */
export async function fixturesArchive(): Promise<string> {
  const builder = await chooseBuilder(workFolder('store'));
  const base = await baseImage(builder);
  return stampedArchive({
    ...{ image: fixturesImage, base: base.image, layOut },
    dockerfile: readFileSync(join(import.meta.dirname, 'fixtures.Dockerfile'), 'utf8'),
    inputs: `${builder.name} ${base.id} ${inputsHash()}`,
  });
}

const sources = (): string[] =>
  globSync('fixtures/tenants/**/*', { cwd: projectRoot })
    .filter((path) => !path.endsWith('.test.ts') && statSync(join(projectRoot, path)).isFile())
    .toSorted();

async function layOut(context: string): Promise<void> {
  for (const path of sources()) {
    mkdirSync(join(context, 'app', dirname(path)), { recursive: true });
    cpSync(join(projectRoot, path), join(context, 'app', path));
  }
  for (const name of packages)
    cpSync(join(projectRoot, 'node_modules', name), join(context, 'app', 'node_modules', name), {
      recursive: true,
    });
  writeFileSync(join(context, 'app', 'package.json'), '{"type":"module"}\n');
  mkdirSync(join(context, 'registry'));
  await action('fetch docker-registry', () => fetchRegistry(context));
  normalise(context);
}

/** The program out of Debian's package, by this machine's apt, which checks the signature. */
async function fetchRegistry(context: string): Promise<void> {
  const work = join(context, 'package');
  mkdirSync(work);
  await run(['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', 'docker-registry'], { cwd: work });
  await shell(`dpkg-deb --fsys-tarfile *.deb | tar -x ./usr/bin/docker-registry`, { cwd: work });
  cpSync(join(work, 'usr/bin/docker-registry'), join(context, 'registry', 'docker-registry'));
  rmSync(work, { recursive: true });
}

function inputsHash(): string {
  const hash = createHash('sha256');
  const recipe = ['hack/tenants/fixtures-image.ts', 'package-lock.json'];
  for (const path of [...sources(), ...recipe])
    hash.update(`\n${path}\n`).update(readFileSync(join(projectRoot, path)));
  return hash.digest('hex').slice(0, 16);
}
