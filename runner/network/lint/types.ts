// What a lint rule finds, and what it may look at.
import type { NetworkPolicy } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';

/** `error`: the policy cannot do what it says. `warning`: it probably does not do what its author meant. `info`: worth a look. */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Stable id, listed in docs/network-model.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** `NetworkPolicy namespace/name`. */
  readonly object: string;
  /** Dotted path of the field, e.g. `spec.egress[0].to[1]`. */
  readonly path: string;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

export interface LintRule {
  readonly id: string;
  readonly severity: Severity;
  /** One sentence, for the documentation. */
  readonly finds: string;
  readonly check: (state: NetworkState) => readonly Finding[];
}

export interface Found {
  readonly policy: NetworkPolicy;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** A rule whose findings all carry its own id and severity. */
export function lintRule(
  id: string,
  severity: Severity,
  finds: string,
  look: (state: NetworkState) => readonly Found[],
): LintRule {
  const check = (state: NetworkState) =>
    look(state).map(({ policy: { metadata }, ...found }) => ({
      rule: id,
      severity,
      object: `NetworkPolicy ${metadata.namespace}/${metadata.name}`,
      ...found,
    }));
  return { id, severity, finds, check };
}
