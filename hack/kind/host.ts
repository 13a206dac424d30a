// What Linux tells of this host through its files.
import { readFileSync } from 'node:fs';

/** '' where the file cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const sysResource = 24n;

/** Whether CAP_SYS_RESOURCE, the one that privileged containers are refused for, is in the bounding set; undefined where no file says. */
export function holdsSysResource(): boolean | undefined {
  const held = /CapBnd:\s*([0-9a-f]+)/.exec(textOf('/proc/self/status'))?.[1];
  return held === undefined ? undefined : ((BigInt(`0x${held}`) >> sysResource) & 1n) === 1n;
}
