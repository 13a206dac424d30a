// `charter cockpit`: the pages over the store, until SIGTERM or SIGINT. Reads only; a database that is away makes it say so, not end.
import { Command, InvalidArgumentError } from 'commander';
import { type ProxyTrust, type Serving, serveCockpit } from '../cockpit/index.ts';
import { CharterError } from '../errors/index.ts';
import { cockpitReads, connectStore, type Quarantine, type Store } from '../store/index.ts';
import { atMostEvery } from './at-most-every.ts';
import { knownStore, openForReading, type StoreFlags, takeInJournals, withStore } from './store-access.ts';

interface CockpitFlags extends StoreFlags {
  readonly host: string;
  readonly port: number;
  readonly trustProxy: string[];
  readonly identityHeader: string;
  readonly embedFrom: string[];
  readonly publicUrl?: string;
}

const many = (value: string, before: string[]) => [...before, value];

export function cockpitCommand(): Command {
  return withStore(new Command('cockpit'))
    .description('Serve the pages over the store, read-only, until SIGTERM or SIGINT.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0: any free one', parsePort, 8080)
    .option(
      '--trust-proxy <address>',
      'only who comes through this sign-in proxy may read: an address or network (repeatable)',
      many,
      [],
    )
    .option('--identity-header <name>', 'header in which that proxy says who it is', 'X-Auth-Request-User')
    .option('--embed-from <origin>', 'origin that may embed the widget (repeatable)', many, [])
    .option('--public-url <url>', 'where the cockpit is reached from outside, for links of the widget')
    .action(async (flags: CockpitFlags) => {
      const { store, fresh, quarantine } = await opened(flags);
      try {
        const reads = fresh(cockpitReads(store));
        const serving = await serve(flags, reads, quarantine);
        process.stdout.write(`cockpit: ${serving.url} over ${store.name}\n`);
        await untilSignal();
        await serving.close();
      } finally {
        await store.close();
      }
    });
}

type Reads = ReturnType<typeof cockpitReads>;

interface Opened {
  readonly store: Store;
  /** Reads that see what was written beside a folder since. */
  readonly fresh: (reads: Reads) => Reads;
  /** As its file says now. */
  readonly quarantine: () => Quarantine;
}

const syncEveryMs = 2_000;

/** Postgres is connected to at the first page; a folder takes in the journals beside it, again and again. */
async function opened(flags: CockpitFlags): Promise<Opened> {
  const { place, quarantine } = await knownStore(flags, 'charter cockpit');
  // A file that is not right is told at the start.
  quarantine();
  if (place.kind === 'postgres')
    return { store: await connectStore(place), fresh: (reads) => reads, quarantine };
  const { store } = await openForReading(flags, 'charter cockpit');
  const sync = atMostEvery(() => takeInJournals(store, flags), {
    everyMs: syncEveryMs,
    now: () => performance.now(),
  });
  const fresh = (reads: Reads): Reads => ({
    ...reads,
    environments: () => sync().then(reads.environments),
    environmentNames: () => sync().then(reads.environmentNames),
    runs: (filter, page) => sync().then(() => reads.runs(filter, page)),
    run: (run) => sync().then(() => reads.run(run)),
    history: (...asked) => sync().then(() => reads.history(...asked)),
    flakes: (...asked) => sync().then(() => reads.flakes(...asked)),
  });
  return { store, fresh, quarantine };
}

async function serve(flags: CockpitFlags, reads: Reads, quarantine: () => Quarantine): Promise<Serving> {
  const { host, port, trustProxy, identityHeader, embedFrom, publicUrl } = flags;
  const proxy: ProxyTrust | undefined =
    trustProxy.length === 0 ? undefined : { addresses: trustProxy, header: identityHeader };
  const embedders = embedFrom.map((text) => originOf(text, '--embed-from'));
  const link = publicUrl === undefined ? undefined : `${originOf(publicUrl, '--public-url')}`;
  try {
    return await serveCockpit({
      ...{ reads, quarantine, now: Date.now, host, port, proxy, embedders },
      ...(link === undefined ? {} : { publicUrl: link }),
      onError: (error) => process.stderr.write(`${new Date().toISOString()} ${logWords(error)}\n`),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new CharterError('CHR_COCKPIT', `--trust-proxy: ${error.message}`);
    throw error;
  }
}

function originOf(text: string, flag: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CharterError(
      'CHR_COCKPIT',
      `${flag}: ${text} is no address such as https://cockpit.example.com`,
    );
  return url.origin;
}

/** One line for what is known, with what to do next. */
export const logWords = (error: unknown): string =>
  error instanceof CharterError
    ? `${error.message} (${error.code}) ${error.hint}`
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function parsePort(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return value;
}
