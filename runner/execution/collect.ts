// Rounds that run nothing: what the campaign files declare.
import type { Config } from '../config/index.ts';
import { Portions } from './portions.ts';
import { assignmentOf, type CollectedCase, type Portion, type WorkerMessage } from './protocol.ts';
import { type RoundEnd, startRound } from './round.ts';

export interface CollectOptions {
  readonly config: Config;
  readonly files: readonly string[];
  readonly folder: string;
}

export interface Declared {
  readonly cases: readonly CollectedCase[];
  /** Files that could not be imported. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export async function collect({ config, files, folder }: CollectOptions): Promise<Declared> {
  let cases: readonly CollectedCase[] = [];
  const problems: { file: string; message: string }[] = [];
  const portions = new Portions(files, folder);
  const onMessage = (message: WorkerMessage) => {
    if (message.type === 'file-failed' && message.failure.kind === 'import')
      problems.push({ file: message.file, message: message.failure.message });
  };
  const collectPortion = (of: Portion): Promise<RoundEnd> =>
    startRound({
      assignment: assignmentOf(config, { runId: 'list', folder, concurrency: 1, ...of }),
      graceMs: config.data.budgets.graceMs,
      choose: (found) => {
        portions.add(of, found);
        cases = cases.concat(found.cases);
        return {};
      },
      onMessage,
      onOutput: () => {},
    }).end;
  while (portions.left().length > 0) {
    const { how, importing, collected, detail } = await collectPortion(portions.rest());
    if (how === 'died') problems.push({ file: importing ?? folder, message: detail });
    if (importing !== undefined) portions.exclude(importing);
    else if (!collected) break;
  }
  return { cases, problems };
}
