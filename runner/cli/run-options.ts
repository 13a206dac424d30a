// The flags `charter run` and `charter list` share.
import { type Command, InvalidArgumentError } from 'commander';
import { CharterError } from '../errors/index.ts';
import type { Selection, Shard } from '../execution/index.ts';

export interface RunFlags {
  readonly config: string;
  readonly embedded?: true;
  readonly fault: string[];
  readonly suites?: string;
  readonly campaign: string[];
  readonly case: string[];
  readonly persona: string[];
  readonly tag: string[];
  readonly shard?: Shard;
  /** The first shard makes one report of all. */
  readonly merge?: true;
  readonly out: string;
  /** Of its files; by host and time where nobody needs it before. */
  readonly name?: string;
  readonly retry?: number;
  /** What it takes of all, by a command with flags of its own: its words for it, `''` for all. */
  readonly selection?: string;
}

const many = (value: string, before: string[]) => [...before, value];

export function withSelection(command: Command): Command {
  return command
    .option('--config <file>', 'the charter', process.env.CHARTER_CONFIG ?? 'charter.yaml')
    .option('--embedded', 'start the reference platform and run against it')
    .option('--fault <name>', 'break one promise of the embedded platform (repeatable)', many, [])
    .option('--suites <dir>', 'folder with your own campaigns, instead of those that ship')
    .option('--campaign <id>', 'only this campaign (repeatable)', many, [])
    .option('--case <id>', 'only this case: 10.3 or C-10/10.3[alice] (repeatable)', many, [])
    .option('--persona <name>', 'only cases that concern this persona (repeatable)', many, [])
    .option('--tag <tag>', 'only cases with this tag (repeatable)', many, [])
    .option('--shard <i/n>', 'the i-th of n parts; an Indexed Job gives i by itself', parseShard)
    .hook('preAction', (_parent, command) => refuseIgnored(command));
}

/** The embedded platform has a charter of its own, and only it can be broken. CHARTER_CONFIG is a default, as images set it. */
function refuseIgnored(command: Command): void {
  const { embedded, fault } = command.opts<RunFlags>();
  if (embedded && command.getOptionValueSource('config') === 'cli')
    throw new CharterError('CHR_USAGE', '--embedded has a charter of its own, and --config names another', {
      hint: 'Give one of the two.',
    });
  if (!embedded && fault.length > 0)
    throw new CharterError('CHR_USAGE', '--fault breaks the embedded platform, and there is no --embedded', {
      hint: 'Add --embedded, or start `charter platform --fault`.',
    });
}

export function selectionOf(flags: RunFlags, campaigns: readonly string[]): Selection {
  return {
    campaigns: flags.campaign.length > 0 ? flags.campaign : campaigns,
    cases: flags.case,
    personas: flags.persona,
    tags: flags.tag,
    ...(flags.shard === undefined ? {} : { shard: flags.shard }),
  };
}

/** `2/3`, or `/3` in a Pod of an Indexed Job, whose zero-based index stands in JOB_COMPLETION_INDEX. */
export function parseShard(text: string): Shard {
  const [, given, total] = /^(\d*)\/(\d+)$/.exec(text) ?? [];
  const completion = process.env.JOB_COMPLETION_INDEX;
  const index = given === '' && completion !== undefined ? Number(completion) + 1 : Number(given);
  const count = Number(total);
  if (!Number.isInteger(index) || !Number.isInteger(count) || index < 1 || index > count) {
    throw new InvalidArgumentError('expected i/n with 1 <= i <= n, or /n where JOB_COMPLETION_INDEX is set.');
  }
  return { index, count };
}

export function parseRetry(text: string): number {
  if (!/^[0-3]$/.test(text)) throw new InvalidArgumentError('expected 0 to 3.');
  return Number(text);
}
