// What a kubeconfig may say of a cluster, a user and a context. All else is refused by its name, and only this is ever written out again: a key that
// we do not know may mean something to Helm (`<<` merges a map there, with a program in it).
import type { Kubeconfig } from './kubeconfig.ts';

type Shape = 'string' | 'boolean';
type Keys = Readonly<Record<string, Shape>>;

const cluster: Keys = {
  server: 'string',
  'certificate-authority-data': 'string',
  'insecure-skip-tls-verify': 'boolean',
  'tls-server-name': 'string',
  'proxy-url': 'string',
  'disable-compression': 'boolean',
};
const user: Keys = {
  token: 'string',
  'client-certificate-data': 'string',
  'client-key-data': 'string',
  username: 'string',
  password: 'string',
  as: 'string',
};
const context: Keys = { cluster: 'string', user: 'string', namespace: 'string' };

/** They make the operator run a program or read its own files. The client reads a token's path under both names. */
const unsafe: readonly string[] = [
  'exec',
  'auth-provider',
  'tokenFile',
  'token-file',
  'client-certificate',
  'client-key',
  'certificate-authority',
];
/** Notes of other tools, which say nothing of the way to a cluster; dropped. RKE writes `api-version` into a cluster. */
const notes: readonly string[] = ['extensions', 'api-version'];

export type Unsafe = 'refuse' | 'allow';

/** Why a kubeconfig is refused, without what it says: a Secret's author must not make the operator run or read anything. */
export function refusedParts(config: Kubeconfig, mode: Unsafe): string[] {
  const of = (what: string, part: object, known: Keys) =>
    said(part).flatMap(([key, value]) => {
      if (notes.includes(key) || isAllowed(key, mode)) return [];
      if (!Object.hasOwn(known, key)) return [`${what} has ${shown(key)}`];
      return typeof value === known[key] ? [] : [`${what} has ${key} that is no ${known[key]}`];
    });
  return [
    ...config.clusters.flatMap((one) => of(`cluster ${one.name}`, one.cluster, cluster)),
    ...config.users.flatMap((one) => of(`user ${one.name}`, one.user, user)),
    ...config.contexts.flatMap((one) => of(`context ${one.name}`, one.context, context)),
  ];
}

/** With nothing in it but what is known. */
export function onlyKnown(config: Kubeconfig, mode: Unsafe): Kubeconfig {
  const of = <T extends object>(part: T, known: Keys): T =>
    Object.fromEntries(said(part).filter(([key]) => Object.hasOwn(known, key) || isAllowed(key, mode))) as T;
  return {
    ...config,
    clusters: config.clusters.map((one) => ({ name: one.name, cluster: of(one.cluster, cluster) })),
    users: config.users.map((one) => ({ name: one.name, user: of(one.user, user) })),
    contexts: config.contexts.map((one) => ({ name: one.name, context: of(one.context, context) })),
  };
}

const isAllowed = (key: string, mode: Unsafe): boolean => mode === 'allow' && unsafe.includes(key);

/** Tools write empty fields, which say nothing. */
function said(part: object): [string, unknown][] {
  return Object.entries(part).filter(([, value]) => value !== '' && !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** A token that stands where a key should be is still a token. */
function shown(key: string): string {
  return /^[A-Za-z<_-]{1,32}$/.test(key) ? key : 'a key that no kubeconfig has';
}
