// Narrows a key of charter.yaml that the case named in `needs`: the runner has skipped the case already when it is absent.

export function configured<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new TypeError(`the case reads ${key} without naming it in 'needs'`);
  return value;
}
