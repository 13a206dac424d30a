// The root file system of the own base: the libraries Node is linked with, certificates, the names of two users. Nothing that runs
// but Node. The packages are those of this machine's Debian or Ubuntu, by its apt, which checks their signatures.
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run, shell } from '../kind/command.ts';
import { normalise } from './normalise.ts';

export const packages = ['base-files', 'ca-certificates', 'libatomic1', 'libc6', 'libgcc-s1', 'libstdc++6'];

/** What is taken of each; all the rest of a package is commands, scripts, documents. */
const kept = [
  'usr/lib/os-release',
  'usr/lib/*-linux-gnu/*.so*',
  'usr/lib64/*.so*',
  'usr/share/doc/*/copyright',
];

const files: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnonroot:x:65532:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
};

export async function fillRoot(root: string, node: string): Promise<void> {
  const work = `${root}.packages`;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    await run(['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages], { cwd: work });
    await unpack(work);
    mkdirSync(root);
    const chosen = globSync(kept, { cwd: join(work, 'root') });
    await run(
      ['cp', '--parents', '--no-dereference', '--preserve=mode', '--target-directory', root, ...chosen],
      {
        cwd: join(work, 'root'),
      },
    );
    write(root, 'etc/ssl/certs/ca-certificates.crt', certificates(join(work, 'root')));
    write(root, 'var/lib/dpkg/status', await status(work));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  symlinkSync('../usr/lib/os-release', join(root, 'etc/os-release'));
  for (const name of ['lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  for (const folder of ['app', 'dev', 'etc/charter', 'proc', 'root', 'sys', 'tmp', 'usr/local/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(node, join(root, 'usr/local/bin/node'));
  chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  normalise(root);
  chmodSync(join(root, 'tmp'), 0o1777);
}

/** Over usr-merged links, because packages before Debian 13 still have files below /lib. */
async function unpack(work: string): Promise<void> {
  await shell(
    `mkdir -p root/usr/lib root/usr/lib64 && ln -s usr/lib usr/lib64 root/
    for package in *.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C root; done`,
    { cwd: work },
  );
}

function certificates(unpacked: string): string {
  const folder = join(unpacked, 'usr/share/ca-certificates/mozilla');
  return readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

/** As dpkg keeps it, so that scanners see which packages are here. */
async function status(work: string): Promise<string> {
  const debs = globSync('*.deb', { cwd: work }).toSorted();
  const stanzas = await Promise.all(debs.map((deb) => run(['dpkg-deb', '--field', join(work, deb)])));
  return stanzas.map((stanza) => `${stanza.replace('\n', '\nStatus: install ok installed\n')}\n\n`).join('');
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode: 0o644 });
}
