// One Lease of the Pod's namespace: read, and written back only as long as nobody else wrote it meanwhile.
import { CharterError } from '../errors/index.ts';
import type { ApiServerAccess } from './access.ts';
import { type ApiAnswer, refusalOf, requestApiServer } from './request.ts';

/** coordination.k8s.io/v1; times are MicroTime: RFC 3339 with six decimals. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** As the API server gave it; what this program does not know goes back untouched. */
export interface Lease {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [other: string]: unknown;
  };
  readonly spec?: LeaseSpec;
}

export interface LeaseRequest {
  readonly timeoutMs?: number;
  readonly patienceMs?: number;
}

/** Throws CHR_APISERVER with what the API server said and what is probably missing. */
export async function getLease(
  access: ApiServerAccess,
  name: string,
  request: LeaseRequest = {},
): Promise<Lease> {
  const answer = await requestApiServer(access, { method: 'GET', path: pathOf(access, name), ...request });
  if (answer.status === 200 && isLease(answer.body)) return answer.body;
  throw refused(access, { name, verb: 'read', answer });
}

/** `conflict`: somebody wrote it since it was read. Throws CHR_APISERVER for every other refusal. */
export async function updateLease(
  access: ApiServerAccess,
  name: string,
  lease: Lease,
  request: LeaseRequest = {},
): Promise<'written' | 'conflict'> {
  const path = pathOf(access, name);
  const answer = await requestApiServer(access, { method: 'PUT', path, body: lease, ...request });
  if (answer.status === 200) return 'written';
  if (answer.status === 409) return 'conflict';
  throw refused(access, { name, verb: 'written', answer });
}

function pathOf({ namespace }: ApiServerAccess, name: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${encodeURIComponent(name)}`;
}

function isLease(body: unknown): body is Lease {
  const { metadata } = (body ?? {}) as { metadata?: unknown };
  return typeof metadata === 'object' && metadata !== null;
}

const hints: Readonly<Record<number, string>> = {
  401: 'The ServiceAccount token was not accepted. Is it mounted from this cluster, and not expired?',
  403: 'The Role must allow get and update on this one Lease, and be bound to the ServiceAccount of the Pod.',
  404: 'The chart creates the Lease; execution.lock.lease is its name.',
};

interface Refusal {
  readonly name: string;
  readonly verb: 'read' | 'written';
  readonly answer: ApiAnswer;
}

function refused({ url, namespace }: ApiServerAccess, { name, verb, answer }: Refusal): CharterError {
  const hint = hints[answer.status];
  const got = answer.status === 200 ? '200 without a Lease' : refusalOf(answer);
  return new CharterError(
    'CHR_APISERVER',
    `Lease ${namespace}/${name} could not be ${verb} at ${url}: ${got}`,
    { ...(hint === undefined ? {} : { hint }) },
  );
}
