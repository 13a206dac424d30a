// Reads the persona Secret from the API server, for `personaSecret.via: api`.
import { getSecret } from '../apiserver/index.ts';
import type { SecretReader } from '../config/index.ts';
import { clusterFor } from './take-locks.ts';

/** A Pod's network may need some seconds at its start. */
const patienceMs = 10_000;

export const secretFromApiServer: SecretReader = async (name) => {
  const access = clusterFor('personaSecret.via is api');
  const answer = await getSecret(access, name, { patienceMs });
  return 'why' in answer ? answer : { ...answer, where: `in namespace ${access.namespace}` };
};
