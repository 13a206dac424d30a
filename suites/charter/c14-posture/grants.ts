// What the runner's ServiceAccount is asked about. Pure: the chart's grants in, questions with their expected answers out.
import type { AccessQuestion } from 'charter-runner';

/** As charter.yaml lists them under `grants`: what the chart's Role gives. */
export type Grant = Omit<AccessQuestion, 'namespace'>;

export interface Expected {
  readonly question: AccessQuestion;
  readonly expected: 'allowed' | 'denied';
}

/** Grants that would let the runner read secrets, run code, or widen its own rights. `''` is all namespaces. */
const tempting: readonly AccessQuestion[] = [
  { verb: 'create', resource: 'pods', subresource: 'exec' },
  { verb: 'create', resource: 'pods' },
  { verb: 'delete', resource: 'pods' },
  { verb: 'get', resource: 'pods', subresource: 'log' },
  { verb: 'list', resource: 'secrets' },
  { verb: 'get', resource: 'secrets' },
  { verb: 'list', resource: 'secrets', namespace: '' },
  { verb: 'update', resource: 'configmaps' },
  { verb: 'patch', resource: 'deployments', group: 'apps' },
  { verb: 'create', resource: 'jobs', group: 'batch' },
  { verb: 'create', resource: 'serviceaccounts', subresource: 'token' },
  { verb: 'create', resource: 'rolebindings', group: 'rbac.authorization.k8s.io' },
  { verb: 'escalate', resource: 'roles', group: 'rbac.authorization.k8s.io' },
  { verb: 'delete', resource: 'networkpolicies', group: 'networking.k8s.io' },
  { verb: 'impersonate', resource: 'users', namespace: '' },
  { verb: 'list', resource: 'nodes', namespace: '' },
  { verb: 'list', resource: 'namespaces', namespace: '' },
  { verb: '*', resource: '*', group: '*' },
  { verb: '*', resource: '*', group: '*', namespace: '' },
];

/** Every grant of the chart; the same grants for all objects and in all namespaces; and what no runner needs. */
export function accessQuestions(grants: readonly Grant[]): Expected[] {
  const beyond = [
    ...grants.map(forAllObjects),
    ...grants.map((grant) => ({ ...grant, namespace: '' })),
    ...tempting,
  ];
  const denied = beyond.filter((question) => !isGranted(grants, question));
  const once = new Map(denied.map((question) => [describeAccess(question), question]));
  return [
    ...grants.map((question) => ({ question, expected: 'allowed' as const })),
    ...[...once.values()].map((question) => ({ question, expected: 'denied' as const })),
  ];
}

function forAllObjects({ name: _, ...grant }: Grant): AccessQuestion {
  return grant;
}

/** Grants hold in the namespace of the Pod only: the chart binds a Role, not a ClusterRole. */
function isGranted(grants: readonly Grant[], question: AccessQuestion): boolean {
  return (
    question.namespace === undefined &&
    grants.some(
      (grant) =>
        grant.verb === question.verb &&
        grant.resource === question.resource &&
        grant.subresource === question.subresource &&
        (grant.group ?? '') === (question.group ?? '') &&
        (grant.name === undefined || grant.name === question.name),
    )
  );
}

/** `create pods/exec`, `get secrets.example "name"`, `list nodes in all namespaces`. */
export function describeAccess({
  verb,
  resource,
  subresource,
  group,
  name,
  namespace,
}: AccessQuestion): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === undefined || group === '' ? '' : `.${group}`}`;
  return `${verb} ${what}${name === undefined ? '' : ` "${name}"`}${namespace === '' ? ' in all namespaces' : ''}`;
}
