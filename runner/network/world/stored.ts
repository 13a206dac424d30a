// What the API server says it has stored, held against what was sent: a webhook may change it on the way, and whoever judges by what
// was sent accuses an engine that does as it is told.
import { CharterError } from '../../errors/index.ts';
import { directionsOf } from '../model/compile.ts';
import type { Labels, NetworkPolicy, PolicyPort, PolicySpec } from '../model/types.ts';
import type { LabelPatch } from './changes.ts';

/** Differences of one object that are told. */
const mostTold = 5;

/** Throws CHR_WORLD where the two do not say the same, the API server's defaults filled in. */
export function requireStoredPolicy(
  { metadata: { namespace, name }, spec }: NetworkPolicy,
  stored: PolicySpec = {},
): void {
  const differing = differences('spec', withDefaults(spec), withDefaults(stored));
  refuse(`NetworkPolicy ${namespace}/${name}`, differing, 'NetworkPolicies');
}

/** Labels that somebody adds are no difference here: see {@link requireOwnLabels}. Throws CHR_WORLD. */
export function requireStoredLabels(kind: string, name: string, sent: LabelPatch, stored: Labels = {}): void {
  const differing = Object.entries(sent).flatMap(([label, value]) =>
    differences(`metadata.labels.${label}`, value, stored[label]),
  );
  refuse(`${kind} ${name}`, differing, `labels of ${kind}s`);
}

export interface Labelled {
  readonly kind: 'Namespace' | 'Pod';
  readonly name: string;
  readonly declared: Labels;
  readonly stored: Labels;
}

/** Throws CHR_WORLD where somebody added a label that one of these policies selects by. */
export function requireOwnLabels(policies: readonly NetworkPolicy[], objects: readonly Labelled[]): void {
  const selecting = new Set(policies.flatMap(({ spec }) => selectorKeys(spec)));
  selecting.delete('kubernetes.io/metadata.name');
  for (const { kind, name, declared, stored } of objects) {
    const foreign = Object.entries(stored).filter(([key]) => selecting.has(key) && !(key in declared));
    const differing = foreign.flatMap(([key, value]) =>
      differences(`metadata.labels.${key}`, undefined, value),
    );
    refuse(`${kind} ${name}`, differing, `labels of ${kind}s`);
  }
}

/** Keys of labels that any selector in it names. */
function selectorKeys(part: unknown): readonly string[] {
  if (!isFields(part)) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    if (name === 'matchLabels' && isFields(value)) return Object.keys(value);
    if (name === 'matchExpressions' && Array.isArray(value))
      return value.flatMap(({ key }: { readonly key: string }) => [key]);
    return selectorKeys(value);
  });
}

function refuse(what: string, differing: readonly string[], changed: string): void {
  if (differing.length === 0) return;
  const told = differing.slice(0, mostTold).join('; ');
  const more = differing.length > mostTold ? `; and ${differing.length - mostTold} more` : '';
  throw new CharterError('CHR_WORLD', `${what} is stored as another one than was sent: ${told}${more}`, {
    hint: `A webhook or another controller changes ${changed}: kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies. Leave out namespaces with the label charter-runner.harness=network there.`,
  });
}

function withDefaults(spec: PolicySpec): PolicySpec {
  const ported = <Rule extends { readonly ports?: readonly PolicyPort[] | undefined }>(rule: Rule) => ({
    ...rule,
    ports: rule.ports?.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })),
  });
  const directions = directionsOf({ metadata: { name: '', namespace: '' }, spec });
  return {
    ...spec,
    podSelector: spec.podSelector ?? {},
    policyTypes: (['Ingress', 'Egress'] as const).filter((type) =>
      directions.some((direction) => direction === type.toLowerCase()),
    ),
    ingress: spec.ingress?.map(ported),
    egress: spec.egress?.map(ported),
  };
}

/** One line for each field. An absent list or map of labels and an empty one are stored alike; an absent selector is not an empty one. */
function differences(path: string, sent: unknown, stored: unknown): readonly string[] {
  if (isAbsent(path, sent) && isAbsent(path, stored)) return [];
  if (isFields(sent) && isFields(stored) && Array.isArray(sent) === Array.isArray(stored)) {
    const names = new Set([...Object.keys(sent), ...Object.keys(stored)]);
    return [...names].flatMap((name) => differences(`${path}.${name}`, sent[name], stored[name]));
  }
  const words = (value: unknown) => JSON.stringify(value ?? null);
  return sent === stored ? [] : [`${path} is ${words(stored)}, sent was ${words(sent)}`];
}

function isAbsent(path: string, value: unknown): boolean {
  const isEmpty = Array.isArray(value) || path.endsWith('.matchLabels') ? isFields(value) : false;
  return value === undefined || value === null || (isEmpty && Object.keys(value as object).length === 0);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
