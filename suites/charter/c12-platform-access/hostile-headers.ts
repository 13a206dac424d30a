// Requests of somebody who tries to be more than the edge says he is. Pure: headers only, spelled and doubled as an attacker
// would.
import type { EdgeIdentity, HeaderPairs } from 'charter-runner';

export interface Attempt {
  readonly what: string;
  readonly headers: HeaderPairs;
}

const email = 'X-Auth-Request-Email';
const groups = 'X-Auth-Request-Groups';

/** The caller's own headers, and beside or inside them those of somebody with more rights. */
export function attempts(own: EdgeIdentity, wanted: EdgeIdentity): Attempt[] {
  const mine = own.groups.join(',');
  const theirs = wanted.groups.join(',');
  const withGroups = (...pairs: HeaderPairs): HeaderPairs => [[email, own.email], ...pairs];
  const withEmail = (...values: string[]): HeaderPairs => [
    ...values.map((value) => [email, value] as const),
    [groups, mine],
  ];
  return [
    { what: 'a second groups header', headers: withGroups([groups, mine], [groups, theirs]) },
    { what: 'a groups header before the own', headers: withGroups([groups, theirs], [groups, mine]) },
    {
      what: 'a groups header in lower case',
      headers: withGroups([groups, mine], [groups.toLowerCase(), theirs]),
    },
    {
      what: 'a groups header in upper case',
      headers: withGroups([groups, mine], [groups.toUpperCase(), theirs]),
    },
    {
      what: 'a groups header with underscores',
      headers: withGroups([groups, mine], [groups.replaceAll('-', '_'), theirs]),
    },
    { what: 'a second e-mail header', headers: withEmail(own.email, wanted.email) },
    { what: 'an e-mail header before the own', headers: withEmail(wanted.email, own.email) },
    { what: 'groups behind the e-mail', headers: withEmail(`${own.email},${theirs}`) },
    { what: 'groups instead of the e-mail', headers: withEmail(`${mine},${theirs}`) },
    {
      what: 'a user header of somebody else',
      headers: [...withEmail(own.email), ['X-Auth-Request-User', wanted.email.split('@', 1)[0] ?? '']],
    },
  ];
}

/** Headers by which other proxies and services name a user, and which are no identity here. */
export function foreignIdentities(
  username: string,
  { email: address, groups: held }: EdgeIdentity,
): Attempt[] {
  const roles = held.join(',');
  const attempt = (...pairs: HeaderPairs): Attempt => ({
    what: pairs.map(([name]) => name).join(' with '),
    headers: pairs,
  });
  return [
    attempt(['X-Forwarded-User', username]),
    attempt(['X-Forwarded-User', username], ['X-Forwarded-Email', address], ['X-Forwarded-Groups', roles]),
    attempt(['X-Trino-User', username]),
    attempt(['X-Remote-User', username], ['X-Remote-Groups', roles]),
    attempt(['X-User-Id', username]),
  ];
}
