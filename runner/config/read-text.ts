// The bytes of charter.yaml → text, or a clear word on why this is no text. Reads a bounded amount, whatever the path leads to.
import { open } from 'node:fs/promises';
import { CharterError } from '../errors/index.ts';
import { ConfigError } from './problem.ts';

export const maxBytes = 1024 * 1024;

export async function readText(path: string): Promise<string> {
  return decode(path, await readBytes(path));
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r');
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new CharterError('CHR_CONFIG_UNREADABLE', `${path} could not be read: ${reason(error)}`, {
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'its symbolic links lead in a circle',
};

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return reasons[code ?? ''] ?? code ?? message ?? 'unknown reason';
}

export function decode(path: string, bytes: Uint8Array): string {
  const refuse = (got: string, line = 1): never => {
    throw new ConfigError(path, [
      { path: '', line, column: 1, expected: 'YAML as UTF-8 text, at most 1 MiB', got },
    ]);
  };
  if (bytes.length > maxBytes) refuse('more than 1 MiB');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    refuse('UTF-16 text');
  const line = (end: number) => bytes.subarray(0, end).filter((byte) => byte === 0x0a).length + 1;
  // Control characters other than tab, line feed and carriage return are not YAML.
  const control = bytes.findIndex(
    (byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f,
  );
  if (control >= 0)
    refuse(`a binary file (byte 0x${bytes[control]?.toString(16).padStart(2, '0')})`, line(control));
  try {
    // The decoder drops a UTF-8 byte order mark, which YAML allows.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('bytes that are not UTF-8', line(firstInvalid(bytes)));
  }
}

function firstInvalid(bytes: Uint8Array): number {
  const readable = new TextDecoder().decode(bytes);
  return Buffer.byteLength(readable.slice(0, readable.indexOf('\ufffd')));
}
