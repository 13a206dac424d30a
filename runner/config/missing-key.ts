// Half a charter.yaml is never green for the other half: which key is absent that a case needs?
import { CharterError } from '../errors/index.ts';
import type { Config } from './config.ts';
import { nearest } from './suggest.ts';

/**
 * The dotted key, e.g. `data.governed.filterColumn`, where it is absent, an empty text or an empty list; else undefined.
 * A key that charter.yaml cannot have is an error of the campaign: its case would be skipped for ever.
 */
export function missingKey(config: Config, key: string): string | undefined {
  if (!config.keys.includes(key)) {
    const meant = nearest(key, config.keys);
    const hint = meant === undefined ? 'docs/configuration.md lists the keys.' : `Did you mean ${meant}?`;
    throw new CharterError('CHR_CAMPAIGN_INVALID', `a case needs '${key}', which charter.yaml cannot have`, {
      hint,
    });
  }
  const value = key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], config.data);
  return isAbsent(value) ? key : undefined;
}

export function isAbsent(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
