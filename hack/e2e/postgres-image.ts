// An image of the Postgres that Debian has installed on this machine: its files, the libraries they are linked with, a shell to start it.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBuilder } from '../image/builder.ts';
import { workFolder } from '../image/images.ts';
import { action } from '../kind/action.ts';
import { run, shell } from '../kind/command.ts';
import { inState } from '../kind/paths.ts';

export const postgresImage = 'charter-postgres:e2e';

const dockerfile = `FROM scratch
COPY root/ /
USER 65532:65532
ENTRYPOINT ["/bin/sh", "/start.sh"]
`;

/** The data folder is a volume; the password of \`postgres\` comes from a file. */
const startScript = (bin: string): string => `set -eu
PATH=${bin}
export PATH PGDATA=/data/postgres
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username postgres --auth-local trust --auth-host scram-sha-256 --pwfile /var/run/secrets/postgres/password --encoding UTF8 --no-locale
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp -c jit=off
`;

/** Path of the docker-archive. */
export async function postgresArchive(): Promise<string> {
  const archive = inState('images', 'charter-postgres.tar');
  const stamp = `${archive}.inputs`;
  const bin = installed();
  const inputs = `${await run([join(bin, 'postgres'), '--version'])} ${dockerfile} ${startScript(bin)}`;
  if (existsSync(archive) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return archive;
  const context = workFolder('postgres');
  rmSync(context, { recursive: true, force: true });
  try {
    await action(`build ${postgresImage}`, async () => {
      await layOut(join(context, 'root'), bin);
      const file = join(context, 'Dockerfile');
      writeFileSync(file, dockerfile);
      const builder = await chooseBuilder(workFolder('store'));
      await builder.build({ file, context, tag: postgresImage });
      await builder.save(postgresImage, archive);
    });
    writeFileSync(stamp, inputs);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return archive;
}

/** Folder of its programs. */
function installed(): string {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').toSorted().at(-1);
  if (found === undefined)
    throw new Error('no Postgres is installed to make an image of: apt-get install postgresql');
  return found.replace(/\/initdb$/, '');
}

async function layOut(root: string, bin: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  const home = bin.replace(/\/bin$/, '');
  const version = home.split('/').at(-1);
  const libraries = globSync(`${home}/lib/*.so`).filter((path) => !/llvmjit/.test(path));
  const programs = [join(bin, 'initdb'), join(bin, 'postgres'), '/bin/sh'];
  // As the linker finds them here; a scratch image has none of its own.
  const linked = await shell(
    `ldd ${[...programs, ...libraries].join(' ')} | grep -oE '/[^ :]+\\.so[^ :]*' | sort -u`,
  );
  const files = [...new Set([...programs, ...libraries, ...linked.split('\n')])];
  await run(['cp', '--parents', '--dereference', '--target-directory', root, ...files]);
  await run([
    ...['cp', '--parents', '--dereference', '--recursive', '--target-directory', root],
    ...[`/usr/share/postgresql/${version}`, '/usr/share/zoneinfo'],
  ]);
  for (const folder of ['etc', 'data', 'tmp']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'postgres:x:65532:65532::/data:/bin/sh\n', { mode: 0o644 });
  writeFileSync(join(root, 'start.sh'), startScript(bin), { mode: 0o644 });
}
