// What a user is told when the database does not do what was asked: where it is, what it said, never with a password.
import { CharterError, wordsOf } from '../errors/index.ts';

/** SQLSTATE of a Postgres error, `ECONNREFUSED` and the like of the network. Not every error of ours has a cause to ask. */
export function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

export function storeError(name: string, error: unknown): CharterError {
  if (error instanceof CharterError) return error;
  const hint = hintOf(error);
  return new CharterError('CHR_STORE', `The store ${name} did not answer as it should: ${reasonOf(error)}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * True where the server answers, and its tables or the rights of the login are not those that this version needs: waiting does not help,
 * a migration or a grant does. For what {@link storeError} made.
 */
export function isUnprepared(error: unknown): boolean {
  return error instanceof CharterError && unprepared.has(codeOf(error.cause) ?? '');
}

/**
 * True where the server answers and does not take the login, or has no such database: only another Secret mends that. For what
 * {@link storeError} made.
 */
export function isRefused(error: unknown): boolean {
  return error instanceof CharterError && refused.has(codeOf(error.cause) ?? '');
}

/** True where no server has answered, or one that only starts: another try may find it. For what {@link storeError} made. */
export function isUnreached(error: unknown): boolean {
  if (!(error instanceof CharterError)) return false;
  // The driver says this without a code, where somebody between cuts the connection: an engine of NetworkPolicies that learns of a new Pod.
  return (
    unreached.has(codeOf(error.cause) ?? '') || wordsOf(error.cause) === 'Connection terminated unexpectedly'
  );
}

/**
 * True where the server has looked at the rows and does not take them: CH… of our own functions, 22 and 23 for values that no column keeps.
 * It concerns one run, and the next one may be taken. For what the driver threw.
 */
export function isRowRefused(error: unknown): boolean {
  return /^(?:CH|22|23)[0-9A-Z]{3}$/.test(codeOf(error) ?? '');
}

/** One line; a refused connection to several addresses has no message of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  const text = wordsOf(error);
  return (text === '' ? (codeOf(error) ?? 'no reason given') : text).replaceAll(/\s+/g, ' ');
}

function hintOf(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  if (unproven.has(code))
    return 'No authority that is known has signed its certificate: look at store.caFile, or at sslrootcert of the connection.';
  // The driver says this without a code.
  if (code === '' && reasonOf(error).includes('does not support SSL'))
    return 'It was to be encrypted, so nothing was sent: let the server offer TLS, or give sslmode=disable in the connection.';
  return hints[code];
}

/** As OpenSSL names what is wrong with the chain of a certificate. */
const unproven: ReadonlySet<string> = new Set([
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_SIGNATURE_FAILURE'],
]);

const migrate = 'run `charter store migrate` as the owner of the database. docs/store.md.';
const older = `Its tables are of an older version: ${migrate}`;
const absent = `The tables are not there: ${migrate}`;

const hints: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Its certificate is for another name: reach it by a name that stands there, or give sslmode=verify-ca in the connection.',
  CERT_HAS_EXPIRED: 'Its certificate has expired: renew it.',
  ECONNREFUSED: 'Nobody listens there: look at host and port of the connection, and whether the server runs.',
  ENOTFOUND: 'There is no such host: look at the host of the connection.',
  '28P01': 'User or password is wrong: look at the Secret behind store.connectionFile.',
  '28000': 'The server refuses this user: look at the Secret behind store.connectionFile and at pg_hba.conf.',
  '3D000': 'There is no such database: look at the Secret behind store.connectionFile.',
  '42501':
    'The role may not do this: members of charter_runner write, of charter_cockpit read. docs/store.md.',
  '42P01': absent,
  '3F000': absent,
  '42703': older,
  '42883': older,
};

const unprepared: ReadonlySet<string> = new Set(['42501', '42P01', '3F000', '42703', '42883']);
const refused: ReadonlySet<string> = new Set(['28P01', '28000', '3D000']);
/** 57P03: it starts up or shuts down. */
const unreached: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  '57P03',
]);
