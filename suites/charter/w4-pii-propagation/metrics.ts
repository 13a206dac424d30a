// Counters in the text format of Prometheus, as far as "did a counter of syncs grow" needs it. Pure.

/** Value by name and labels; undefined when the text is something else. */
export type Samples = ReadonlyMap<string, number>;

const sample = /^([a-zA-Z_:][\w:]*(?:\{.*\})?)\s+([-+]?(?:[\d.]+(?:e[-+]?\d+)?|Inf)|NaN)(?:\s+-?[\d.]+)?$/i;

export function samplesIn(text: string): Samples | undefined {
  const samples = new Map<string, number>();
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = sample.exec(line) ?? [];
    if (name === undefined) return undefined;
    samples.set(name, Number(value?.replace('Inf', 'Infinity')));
  }
  return samples.size === 0 ? undefined : samples;
}

/** Counters of syncs, those of failed ones left out. */
export function syncCounters(samples: Samples): string[] {
  return [...samples.keys()].filter((key) => {
    const [name = '', labels = ''] = key.split('{', 2);
    return (
      /sync/i.test(name) && /_(total|count)$/.test(name) && !/error|fail|busy|refus|reject/i.test(labels)
    );
  });
}

export function grown(before: Samples, after: Samples): string[] {
  return syncCounters(after).filter((key) => (after.get(key) ?? 0) > (before.get(key) ?? 0));
}
