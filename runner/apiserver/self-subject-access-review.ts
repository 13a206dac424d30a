// Asks the API server what the runner itself may do. Every authenticated account may ask; nothing is changed by it.
import { CharterError } from '../errors/index.ts';
import type { ApiServerAccess } from './access.ts';
import { requestApiServer } from './request.ts';

/** One question, in Kubernetes' words; `*` asks for all. */
export interface AccessQuestion {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** API group; the core group when not given. */
  readonly group?: string | undefined;
  /** One object; all objects when not given. */
  readonly name?: string | undefined;
  /** `''` asks for all namespaces or a cluster-scoped resource; the Pod's own when not given. */
  readonly namespace?: string | undefined;
}

export interface AccessReview {
  readonly allowed: boolean;
  /** Why, in the words of the authorizer, when it gives any. */
  readonly reason?: string;
}

const api = 'authorization.k8s.io/v1';

/** Throws CHR_APISERVER when the answer is no review, so that no question counts as denied because it was not answered. */
export async function selfSubjectAccessReview(
  access: ApiServerAccess,
  question: AccessQuestion,
): Promise<AccessReview> {
  const path = `/apis/${api}/selfsubjectaccessreviews`;
  const resourceAttributes = { ...question, namespace: question.namespace ?? access.namespace };
  const body = { apiVersion: api, kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const answer = await requestApiServer(access, { method: 'POST', path, body });
  const { allowed, reason } = statusOf(answer.body);
  if (answer.status !== 201 || typeof allowed !== 'boolean') {
    const got = `${answer.status}${answer.status === 201 ? ' without status.allowed' : ''}`;
    throw new CharterError(
      'CHR_APISERVER',
      `POST ${access.url}${path}: expected 201 with a review, got ${got}`,
    );
  }
  return { allowed, ...(typeof reason === 'string' && reason !== '' ? { reason } : {}) };
}

function statusOf(body: unknown): { readonly allowed?: unknown; readonly reason?: unknown } {
  return (body as { status?: { allowed?: unknown; reason?: unknown } } | null | undefined)?.status ?? {};
}
