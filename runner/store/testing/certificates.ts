// Certificates of one's own for a Postgres of a test, as an operator of a cluster makes them: an authority, and what it has signed.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Path of the certificate of a new authority in `folder`; its key lies beside it. */
export function makeAuthority(folder: string, name: string): string {
  const certificate = join(folder, `${name}.crt`);
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    keyOf(certificate),
    '-out',
    certificate,
  );
  return certificate;
}

/** `server.crt` and `server.key` for one DNS name, where a Postgres looks for them: in its own folder `data`. */
export function certify(data: string, authority: string, dnsName: string): void {
  const [certificate, key] = [join(data, 'server.crt'), join(data, 'server.key')];
  const extensions = [
    '-addext',
    `subjectAltName=DNS:${dnsName}`,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  const signed = ['-CA', authority, '-CAkey', keyOf(authority)];
  openssl(
    'req',
    '-x509',
    ...newKey,
    ...signed,
    '-subj',
    `/CN=${dnsName}`,
    ...extensions,
    '-keyout',
    key,
    '-out',
    certificate,
  );
  const { uid, gid } = statSync(data);
  for (const file of [certificate, key]) {
    chownSync(file, uid, gid);
    chmodSync(file, 0o600);
  }
}

const keyOf = (certificate: string): string => certificate.replace(/\.crt$/, '.key');

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
