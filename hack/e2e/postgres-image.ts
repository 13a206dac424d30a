// An image of the Postgres that Debian has installed on this machine: its files, the libraries they are linked with, a shell to start it.
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../kind/command.ts';
import { archiveOfScratch, copyLinked } from './scratch-image.ts';

export const postgresImage = 'charter-postgres:e2e';

const dockerfile = `COPY root/ /
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
  const bin = installed();
  const inputs = `${await run([join(bin, 'postgres'), '--version'])} ${startScript(bin)}`;
  return archiveOfScratch({ image: postgresImage, dockerfile, inputs, layOut: (root) => layOut(root, bin) });
}

/** Folder of its programs. */
function installed(): string {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').toSorted().at(-1);
  if (found === undefined)
    throw new Error('no Postgres is installed to make an image of: apt-get install postgresql');
  return found.replace(/\/initdb$/, '');
}

async function layOut(root: string, bin: string): Promise<void> {
  const home = bin.replace(/\/bin$/, '');
  const version = home.split('/').at(-1);
  const libraries = globSync(`${home}/lib/*.so`).filter((path) => !/llvmjit/.test(path));
  await copyLinked(root, [join(bin, 'initdb'), join(bin, 'postgres'), '/bin/sh', ...libraries]);
  await run([
    ...['cp', '--parents', '--dereference', '--recursive', '--target-directory', root],
    ...[`/usr/share/postgresql/${version}`, '/usr/share/zoneinfo'],
  ]);
  for (const folder of ['etc', 'data', 'tmp']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'postgres:x:65532:65532::/data:/bin/sh\n', { mode: 0o644 });
  writeFileSync(join(root, 'start.sh'), startScript(bin), { mode: 0o644 });
}
