// How Postgres is reached: a mounted file or the standard PG* variables. charter.yaml names the file and holds no password.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import { CharterError } from '../errors/index.ts';

export interface PostgresConnection {
  readonly pool: PoolConfig;
  /** `host:port/database`, for messages. */
  readonly name: string;
  /** To be kept out of every output. */
  readonly secrets: readonly string[];
}

export interface ConnectionSource {
  /** A file with a `postgres://` URL, or a folder with one file per key, as a mounted Secret is. Else PG* decide. */
  readonly file?: string | undefined;
  /** PEM. Where it is given the server must prove its name (verify-full), unless sslmode says otherwise. */
  readonly caFile?: string | undefined;
  /** The same where the connection names no authority itself: it may be to another server than that of charter.yaml. */
  readonly fallbackCaFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Shown in pg_stat_activity. */
  readonly application: string;
  readonly connectMs?: number;
  /** Longest time of one statement. */
  readonly statementMs?: number;
  readonly connections?: number;
}

interface Settings {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly sslmode?: string | undefined;
  readonly sslrootcert?: string | undefined;
}

const modes = ['disable', 'require', 'verify-ca', 'verify-full'];

/** Throws CHR_STORE where the file cannot be read or says nothing that can be understood. */
export function postgresConnection(source: ConnectionSource): PostgresConnection {
  const { file, env, connectMs = 5_000, statementMs = 30_000, connections = 4 } = source;
  const given = file === undefined ? fromEnvironment(env) : fromFile(file);
  const { host = 'localhost', port = '5432', user = 'charter', password } = given;
  const database = given.database ?? user;
  const ssl = tls(given, source.caFile ?? given.sslrootcert ?? source.fallbackCaFile);
  return {
    name: `${host}:${port}/${database}`,
    secrets: password === undefined ? [] : [password],
    pool: {
      ...{ host, database, user, port: portOf(port), ssl, max: connections },
      ...(password === undefined ? {} : { password: readAgain(file, password) }),
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      query_timeout: statementMs + 1_000,
      application_name: source.application,
      keepAlive: true,
      allowExitOnIdle: true,
    },
  };
}

/** Asked by the driver at each new connection: a Secret may change while a process runs. All else is as it was at the start. */
function readAgain(file: string | undefined, first: string): NonNullable<PoolConfig['password']> {
  return file === undefined ? first : () => fromFile(file).password ?? first;
}

/** With any other one the driver neither connects nor ends. */
function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new CharterError('CHR_STORE', `The port ${JSON.stringify(text)} is no number from 1 to 65535`, {
    hint: 'Look at PGPORT, or at the port of the Secret behind store.connectionFile.',
  });
}

function fromEnvironment(env: ConnectionSource['env']): Settings {
  const of = (name: string) => (env[name] === '' ? undefined : env[name]);
  return {
    host: of('PGHOST'),
    port: of('PGPORT'),
    database: of('PGDATABASE'),
    user: of('PGUSER'),
    password: of('PGPASSWORD'),
    sslmode: of('PGSSLMODE'),
    sslrootcert: of('PGSSLROOTCERT'),
  };
}

/** Names as in the Secrets that operators of Postgres write. */
const keys: Readonly<Record<keyof Settings, readonly string[]>> = {
  host: ['host', 'PGHOST'],
  port: ['port', 'PGPORT'],
  database: ['dbname', 'database', 'PGDATABASE'],
  user: ['user', 'username', 'PGUSER'],
  password: ['password', 'PGPASSWORD'],
  sslmode: ['sslmode', 'PGSSLMODE'],
  sslrootcert: ['sslrootcert', 'PGSSLROOTCERT'],
};

function fromFile(path: string): Settings {
  const isFolder = attempt(path, () => statSync(path).isDirectory());
  if (!isFolder) return fromUrl(path, attempt(path, () => readFileSync(path, 'utf8')).trim());
  const read = (name: string) => readIfThere(join(path, name));
  const url = read('uri') ?? read('url');
  if (url !== undefined) return fromUrl(path, url);
  const pick = (name: keyof Settings) => keys[name].map(read).find((value) => value !== undefined);
  const found = Object.fromEntries(
    Object.keys(keys).map((name) => [name, pick(name as keyof Settings)]),
  ) as Settings;
  if (found.host === undefined) throw unreadable(path, 'it has neither a file uri nor a file host');
  return found;
}

function fromUrl(path: string, text: string): Settings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol))
    throw unreadable(path, 'it holds no URL that begins with postgres:// or postgresql://');
  refuseOthers(path, url);
  const part = (value: string) => (value === '' ? undefined : decoded(path, value));
  const query = (name: string) => url.searchParams.get(name) ?? undefined;
  return {
    host: part(url.hostname.replace(/^\[(.*)\]$/, '$1')) ?? query('host'),
    port: part(url.port),
    database: part(url.pathname.slice(1)),
    user: part(url.username),
    password: part(url.password),
    sslmode: query('sslmode'),
    sslrootcert: query('sslrootcert'),
  };
}

function decoded(path: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Neither the value nor the cause: it may be a password.
    throw unreadable(path, 'in its URL a % stands for no character; a % of its own is written %25');
  }
}

const queryKeys = ['host', 'sslmode', 'sslrootcert'];

/** `ssl=true` would mean plaintext in silence. A name beside an @ may be the rest of a password that holds a ?. */
function refuseOthers(path: string, { search, searchParams }: URL): void {
  const other = [...searchParams.keys()].find((key) => !queryKeys.includes(key));
  if (other === undefined) return;
  const told = search.includes('@') ? 'something' : `?${other}=`;
  throw unreadable(path, `its URL says ${told} after the database, where only ${queryKeys.join(', ')} count`);
}

function tls({ sslmode }: Settings, caFile: string | undefined): PoolConfig['ssl'] {
  const mode = sslmode ?? (caFile === undefined ? 'disable' : 'verify-full');
  if (!modes.includes(mode))
    throw new CharterError('CHR_STORE', `sslmode ${mode} is not one of ${modes.join(', ')}`, {
      hint: 'allow and prefer are left out: both fall back to no encryption in silence.',
    });
  if (mode === 'disable') return false;
  const ca = caFile === undefined ? {} : { ca: authorities(caFile) };
  if (mode === 'require') return { ...ca, rejectUnauthorized: caFile !== undefined };
  // verify-ca: any name, as long as the authority has signed it.
  const anyName = mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {};
  return { ...ca, ...anyName, rejectUnauthorized: true };
}

/** A file without any would make Node trust its own list of authorities instead. */
function authorities(caFile: string): string {
  const pem = readAuthorities(caFile);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new CharterError('CHR_STORE', `${caFile} holds no certificate`, {
    hint: 'store.caFile is the certificate of the authority that signed that of the server, as PEM.',
  });
}

function readAuthorities(caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'not readable';
    throw new CharterError('CHR_STORE', `The authority of the server in ${caFile} cannot be read: ${why}`, {
      hint: 'Mount it where store.caFile says, or name another one as sslrootcert in the connection.',
      cause,
    });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, String((error as NodeJS.ErrnoException).code));
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw unreadable(path, (cause as NodeJS.ErrnoException).code ?? 'not readable');
  }
}

function unreadable(path: string, why: string): CharterError {
  return new CharterError('CHR_STORE', `The connection in ${path} cannot be read: ${why}`, {
    hint: 'Mount a Secret and name it in store.connectionFile: a file with a postgres:// URL, or a folder with host, port, user, password, dbname.',
  });
}
