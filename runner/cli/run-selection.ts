// What a run was told to leave out, as its report says it: of a part of the charter nobody may conclude the whole.
import type { RunFlags } from './run-options.ts';

type Picking = Pick<RunFlags, 'selection' | 'suites' | 'campaign' | 'case' | 'persona' | 'tag'>;

/**
 * Properties of the run in words of its flags; none where it takes all that charter.yaml names. A shard is a part of one whole run. Own
 * campaigns stand apart: an environment may know no others, and then they are its whole.
 */
export function selectionProperties(flags: Picking): Record<string, string> {
  const { suites, campaign, case: cases, persona, tag, selection } = flags;
  if (selection !== undefined) return selection === '' ? {} : { selection };
  const words = selectionWords({
    ...{ '--campaign': campaign, '--case': cases, '--persona': persona, '--tag': tag },
  });
  return {
    ...(suites === undefined ? {} : { suites: `--suites ${suites}` }),
    ...(words === '' ? {} : { selection: words }),
  };
}

export function selectionWords(picked: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(picked)
    .flatMap(([flag, values]) => values.map((value) => `${flag} ${value}`))
    .join(' ');
}
