// A real Postgres for one test file: in a temp folder, on a free port of loopback, stopped by its process id.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresConnection } from '../connection.ts';
import type { PostgresPlace } from '../open.ts';

/** The newest of those that Debian and others install, or what CHARTER_POSTGRES_BIN names. */
function binaries(): string | undefined {
  const named = process.env.CHARTER_POSTGRES_BIN;
  if (named !== undefined) return named;
  const found = globSync([
    '/usr/lib/postgresql/*/bin/initdb',
    '/usr/{local/,}bin/initdb',
    '/opt/homebrew/bin/initdb',
  ]);
  return found
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
    ?.replace(/\/initdb$/, '');
}

/**
 * Why there is no Postgres to test with, for `describe.skipIf`; undefined where there is one. Throws where CI=1 asks for
 * every test.
 */
export function postgresMissing(): string | undefined {
  if (binaries() !== undefined) return undefined;
  const words =
    'no Postgres: apt-get install postgresql, or set CHARTER_POSTGRES_BIN to the folder of initdb';
  if (process.env.CI === '1' || process.env.CI === 'true') throw new Error(words);
  return words;
}

export interface PostgresServer {
  readonly port: number;
  /** The owner of everything, who may migrate. `database` is `charter` unless told. */
  readonly place: (who?: {
    readonly user?: string;
    readonly database?: string;
    readonly port?: number;
  }) => PostgresPlace;
  /** A new empty database. */
  readonly createDatabase: (name: string) => Promise<void>;
  readonly folder: string;
  /** `immediate` is what a power cut leaves behind. */
  readonly halt: (how: 'fast' | 'immediate') => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error(postgresMissing());
  const home = mkdtempSync(join(tmpdir(), `charter-postgres-${process.pid}-`));
  const folder = join(home, 'data');
  const owner = ownerOf(home);
  const env = { ...process.env, LC_ALL: 'C' };
  const initdb = ['-D', folder, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
  execFileSync(join(bin, 'initdb'), initdb, { ...owner, env, stdio: 'pipe' });
  const port = await freePort();
  writeFileSync(join(folder, 'postgresql.auto.conf'), [...basics(port, home), ...settings].join('\n'));
  const start = () =>
    spawn(join(bin, 'postgres'), ['-D', folder], { ...owner, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let server = start();
  // A test that is ended in the middle leaves nothing running.
  const onExit = () => {
    server.kill('SIGQUIT');
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const place: PostgresServer['place'] = (who = {}) => {
    const { user = 'postgres', database = 'charter', port: at = port } = who;
    const env = { PGHOST: '127.0.0.1', PGPORT: String(at), PGUSER: user, PGDATABASE: database };
    return { kind: 'postgres', connection: postgresConnection({ env, application: 'charter-test' }) };
  };
  const halt = async (how: 'fast' | 'immediate') => {
    const gone = ended(server);
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await gone;
  };
  const createDatabase = async (name: string) => {
    await withClient(port, (client) => client.query(`create database ${client.escapeIdentifier(name)}`));
  };
  const stop = async () => {
    process.off('exit', onExit);
    await halt('immediate');
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await answering(server, port);
    await createDatabase('charter');
  } catch (error) {
    await stop();
    throw error;
  }
  const resume = async () => {
    server = start();
    await answering(server, port);
  };
  return { port, place, createDatabase, folder, halt, resume, stop };
}

/** No fsync: what must survive a power cut is not tested here. No other file than the folder's own is touched. */
function basics(port: number, home: string): string[] {
  return [
    `port = ${port}`,
    `unix_socket_directories = '${home}'`,
    "listen_addresses = '127.0.0.1'",
    'fsync = off',
    'max_connections = 60',
    'shared_buffers = 64MB',
  ];
}

/** Postgres refuses to run as root. */
function ownerOf(home: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(home, uid, gid);
  return { uid, gid };
}

async function answering(server: ChildProcess, port: number): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      await withClient(port, (client) => client.query('select 1'));
      return;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`Postgres ended at its start: ${said}`);
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}

async function withClient(port: number, act: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
