// Which run somebody means: by id, by the beginning of one, or the newest; and of which platform.
import { CharterError } from '../errors/index.ts';
import type { CockpitReads, RunHead } from '../store/index.ts';

export interface Wanted {
  /** What `latest` is the newest of. */
  readonly of?: 'whole' | 'anything';
  /** Only runs of this platform. */
  readonly environment?: string | undefined;
}

const latest = 'latest';
/** Of the runs that a beginning fits. */
const mostNamed = 5;

/** Throws CHR_USAGE. */
export async function findRun(
  reads: CockpitReads,
  id: string,
  { of = 'anything', environment }: Wanted = {},
): Promise<RunHead> {
  if (id === '')
    throw new CharterError('CHR_USAGE', 'a run was asked for by an empty name', {
      hint: 'Give an id, the beginning of one, or latest: `charter runs` lists them.',
    });
  await expectPlatform(reads, environment);
  const filter = environment === undefined ? {} : { environment };
  const exact =
    id === latest
      ? (await reads.runs({ of, ...filter }, { limit: 1, offset: 0 })).rows[0]
      : await reads.run(id);
  if (exact !== undefined && (environment ?? exact.environment) === exact.environment) return exact;
  const { rows, hasMore } = await reads.runs({ ...filter, beginning: id }, { limit: mostNamed, offset: 0 });
  const [only, ...others] = rows;
  if (only !== undefined && others.length === 0) return only;
  const where = environment === undefined ? 'in the store' : `of the platform ${environment}`;
  if (only === undefined)
    throw new CharterError('CHR_USAGE', `no run ${where} is called ${id}`, {
      hint: '`charter runs` lists them.',
    });
  const names = rows.map(({ run }) => run).join(', ');
  const many = hasMore ? `more than ${rows.length}` : rows.length;
  throw new CharterError('CHR_USAGE', `${many} runs ${where} begin with ${id}`, {
    hint: `${hasMore ? 'The newest' : 'They'} are ${names}.`,
  });
}

/** Beside a run that is named, `latest` is that of its platform: another one's says nothing of it. Throws CHR_USAGE. */
export async function findPair(
  reads: CockpitReads,
  a: string,
  b: string,
  environment: string | undefined,
): Promise<readonly [a: RunHead, b: RunHead]> {
  const named = [a, b].find((id) => id !== latest);
  const platform = named === undefined ? environment : (await find(named, environment)).environment;
  const other = (id: string) => find(id, id === latest ? platform : environment);
  return [await other(a), await other(b)];

  function find(id: string, of: string | undefined): Promise<RunHead> {
    return findRun(reads, id, { of: 'whole', environment: of });
  }
}

/** A store without any run knows no platform, and has no answer to be mistaken. Throws CHR_USAGE. */
export async function expectPlatform(reads: CockpitReads, environment: string | undefined): Promise<void> {
  if (environment === undefined) return;
  const known = await reads.environmentNames();
  if (known.length === 0 || known.includes(environment)) return;
  throw new CharterError('CHR_USAGE', `no platform in the store is called ${environment}`, {
    hint: `Known are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ` and ${known.length - 20} more` : ''}.`,
  });
}
