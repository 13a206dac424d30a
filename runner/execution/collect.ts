// A round that runs nothing: what the campaign files declare.
import type { Config } from '../config/index.ts';
import { assignmentOf, type CollectedCase } from './protocol.ts';
import { startRound } from './round.ts';

export interface CollectOptions {
  readonly config: Config;
  readonly files: readonly string[];
  readonly folder: string;
}

export interface Collected {
  readonly cases: readonly CollectedCase[];
  /** Files that could not be imported. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export async function collect({ config, files, folder }: CollectOptions): Promise<Collected> {
  let cases: readonly CollectedCase[] = [];
  const problems: { file: string; message: string }[] = [];
  const { graceMs } = config.data.budgets;
  const round = startRound({
    assignment: assignmentOf(config, { runId: 'list', files, folder, concurrency: 1 }),
    graceMs,
    choose: (collected) => {
      cases = collected;
      return {};
    },
    onMessage: (message) => {
      if (message.type === 'file-failed' && message.failure.kind === 'import')
        problems.push({ file: message.file, message: message.failure.message });
    },
    onOutput: () => {},
  });
  const end = await round.end;
  if (end.how === 'died') problems.push({ file: end.importing ?? folder, message: end.detail });
  return { cases, problems };
}
