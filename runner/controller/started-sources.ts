// The sources of a controller that tell keys now, each of which can be ended alone or all together.
import type { Source, StartedSource } from './types.ts';

export interface StartedSources {
  readonly start: (source: Source) => StartedSource;
  readonly stop: () => Promise<void>;
}

export function startedSources(enqueue: (key: string) => void): StartedSources {
  const all = new Set<StartedSource>();
  return {
    start: (source) => {
      let open = true;
      const begun = source.start((key) => {
        if (open) enqueue(key);
      });
      const one: StartedSource = {
        synced: begun.synced,
        stop: async () => {
          open = false;
          all.delete(one);
          await begun.stop();
        },
      };
      all.add(one);
      return one;
    },
    stop: async () => void (await Promise.all([...all].map((one) => one.stop()))),
  };
}
