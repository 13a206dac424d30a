// What a failure folder may hold: nothing secret, no file that is too big to look at, and all of them small enough to send.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes. */
export const limits = { file: 512 * 1_024, all: 18 * 1_024 ** 2 };

export type Keep = (name: string, text: string) => void;

/**
 * Writes into the folder. Of a text that is too long the end stays, where what happened last stands. A file that is there stays as it is:
 * what a node said has more in it than that the node has gone meanwhile.
 */
export function keeper(folder: string, secrets: readonly string[]): Keep {
  const mask = masker(secrets);
  return (name, text) => {
    const path = join(folder, name);
    if (existsSync(path)) return;
    const bytes = Buffer.from(mask(text));
    const most = Math.min(limits.file, limits.all - sizeOf(folder));
    if (most <= 0) return;
    const kept = bytes.length > most ? withoutStart(bytes, most) : bytes;
    writeFileSync(path, kept);
  };
}

/** Counted anew each time: several may write into it. */
const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** Exactly `most` bytes or a little less. */
function withoutStart(bytes: Buffer, most: number): Buffer {
  const note = Buffer.from(`... ${bytes.length - most} bytes and more left out\n`);
  return Buffer.concat([note, bytes.subarray(bytes.length - Math.max(0, most - note.length))]).subarray(
    0,
    most,
  );
}

/**
 * Takes out the secrets, also in base64, signatures of tokens, and what stands after `token`, `password` or `client-key-data`, in a header
 * `Authorization`, and as the password of a URL.
 */
export function masker(secrets: readonly string[]): (text: string) => string {
  const hidden = secrets
    .filter((secret) => secret.length > 3)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
  return (text) =>
    hidden
      .reduce((masked, secret) => masked.replaceAll(secret, '<masked>'), text)
      .replaceAll(/(eyJ[\w-]+\.[\w-]+\.)[\w-]+/g, '$1<masked>')
      .replaceAll(/(authorization\W{1,6}(?:basic|bearer)\s+)[^\s",']+/gi, '$1<masked>')
      .replaceAll(/(:\/\/[^\s:/@"']*:)[^\s/"']+@/g, '$1<masked>@')
      .replaceAll(/((?:client-key-data|token|password)"?:\s*"?)[^\s",]+/gi, '$1<masked>');
}
