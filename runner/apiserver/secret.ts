// One Secret of the Pod's namespace, for who may not have it mounted.
import { CharterError } from '../errors/index.ts';
import type { ApiServerAccess } from './access.ts';
import { refusalOf, requestApiServer } from './request.ts';

/** `why` it has no data: absent or forbidden, as an end of "Secret <name> …". */
export type SecretAnswer = { readonly data: Readonly<Record<string, Uint8Array>> } | { readonly why: string };

/** Throws CHR_APISERVER when the API server does not answer: a Secret that could not be asked for is not an absent one. */
export async function getSecret(
  access: ApiServerAccess,
  name: string,
  request: { readonly patienceMs?: number } = {},
): Promise<SecretAnswer> {
  const path = `/api/v1/namespaces/${access.namespace}/secrets/${encodeURIComponent(name)}`;
  const answer = await requestApiServer(access, { method: 'GET', path, ...request });
  if (answer.status === 404) return { why: `does not exist in namespace ${access.namespace}` };
  if (answer.status === 403)
    return {
      why: `may not be read in namespace ${access.namespace} (403: the Role must allow get on this one Secret)`,
    };
  if (answer.status !== 200)
    throw new CharterError('CHR_APISERVER', `GET ${access.url}${path}: ${refusalOf(answer)}`);
  const { data } = (answer.body ?? {}) as { data?: Readonly<Record<string, unknown>> | null };
  const decoded = Object.entries(data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(String(value), 'base64'),
  ]);
  return { data: Object.fromEntries(decoded) as Record<string, Uint8Array> };
}
