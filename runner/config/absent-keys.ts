// What charter.yaml leaves open: the outermost keys without a value, whose cases will be skipped.
import type { Config } from './config.ts';
import { isAbsent } from './missing-key.ts';

/** Lists that may well stay empty: nothing is skipped for them. */
const mayBeEmpty = new Set(['grants', 'expectedSkips', 'data.declaredDefinerViews']);

export function absentKeys(config: Config): string[] {
  const absent: string[] = [];
  for (const key of config.keys) {
    // Entries of lists have keys of their own; which of them are needed, the list does not say.
    if (key.includes('[') || mayBeEmpty.has(key) || absent.some((outer) => key.startsWith(`${outer}.`)))
      continue;
    const value = key
      .split('.')
      .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], config.data);
    if (isAbsent(value)) absent.push(key);
  }
  return absent;
}
