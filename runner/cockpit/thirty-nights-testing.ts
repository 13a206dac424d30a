// Thirty nights of real runs for tests of the pages: campaigns really run against the reference platform, with fault switches that
// come and go as in a real month, and then dated back. Nothing is made up but dates, the image and the environment.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../../fixtures/platform/index.ts';
import { runCharter } from '../../fixtures/testing/charter-process.ts';
import { type JournalEvent, readJournal } from '../journal/index.ts';

/** Faults by how many nights ago they were there. The last night is 1. */
const faultsOf: Readonly<Record<number, readonly string[]>> = {
  28: ['keycloak-role-missing'],
  24: ['trino-503'],
  20: ['opa-mask-lost'],
  19: ['opa-mask-lost'],
  18: ['opa-mask-lost', 'keycloak-token-lives-an-hour'],
  13: ['keycloak-hangs'],
  9: ['trino-viewer-unmasked'],
  6: ['opa-503'],
  3: ['trino-filter-lost'],
  2: ['trino-filter-lost', 'keycloak-token-lives-an-hour'],
  1: ['trino-mask-null', 'keycloak-token-lives-an-hour'],
};

export interface ThirtyNights {
  /** The events of each run, the oldest first. */
  readonly runs: readonly (readonly JournalEvent[])[];
}

export interface NightsOptions {
  readonly nights: number;
  readonly campaigns: readonly string[];
  readonly environment: string;
  /** When the last of them began, in milliseconds since 1970. */
  readonly last: number;
  /** Runs side by side. */
  readonly atOnce: number;
}

const dayMs = 86_400_000;

export async function realNights(options: NightsOptions): Promise<ThirtyNights> {
  const { nights, atOnce } = options;
  const agos = Array.from({ length: nights }, (_, index) => nights - index);
  const left = [...agos];
  const ran = new Map<number, readonly JournalEvent[]>();
  const work = async () => {
    for (let ago = left.shift(); ago !== undefined; ago = left.shift())
      ran.set(ago, dated(await realRun(faultsOf[ago] ?? [], options), ago, options));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { runs: agos.map((ago) => ran.get(ago) ?? []) };
}

/** The campaigns stand in charter.yaml: a run that flags narrow is a part, of which the overview draws no verdict. */
async function realRun(
  faults: readonly string[],
  { campaigns }: Pick<NightsOptions, 'campaigns'>,
): Promise<readonly JournalEvent[]> {
  const home = mkdtempSync(join(tmpdir(), 'charter-night-'));
  const [config, out] = [join(home, 'charter.yaml'), join(home, 'out')];
  const platform = await startPlatform({ secretsDirectory: join(home, 'secrets') });
  try {
    for (const fault of faults) platform.faults.set(fault, 'on');
    writeFileSync(config, `${platform.charterYaml()}suites: [${campaigns.join(', ')}]\n`);
    const { code, stderr } = await runCharter(['run', '--config', config, '--out', out], {
      env: { CHARTER_EMBEDDED: 'true' },
    });
    const journal = readdirSync(out).find((name) => name.endsWith('.jsonl'));
    if (journal === undefined) throw new Error(`a run left no journal (exit code ${code}): ${stderr}`);
    return readJournal(join(out, journal)).events;
  } finally {
    await platform.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The run as if it had begun `ago` nights before; a new image every ten nights. */
function dated(
  events: readonly JournalEvent[],
  ago: number,
  { last, environment }: NightsOptions,
): readonly JournalEvent[] {
  const [first] = events;
  const shift = last - (ago - 1) * dayMs - Date.parse(first?.at ?? '');
  const at = (time: string) => new Date(Date.parse(time) + shift).toISOString();
  const image = `sha256:${String(Math.floor(ago / 10)).padStart(64, '0')}`;
  return events.map((event) =>
    event.event === 'run-started'
      ? {
          ...event,
          at: at(event.at),
          environment,
          properties: { ...event.properties, environment, 'image-digest': image },
        }
      : { ...event, at: at(event.at) },
  );
}
