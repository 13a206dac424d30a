// What a step of the catalogue is. A step declares a whole state of the world, never a change, so that it can start from any.
// The shapes are those of Kubernetes objects, written here once more because the catalogue needs nothing of the runner.

export type Labels = Readonly<Record<string, string>>;
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

export interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: Protocol;
}

export interface Rule {
  readonly peers?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
}

export interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly {
    readonly from?: readonly PolicyPeer[];
    readonly ports?: readonly PolicyPort[];
  }[];
  readonly egress?: readonly {
    readonly to?: readonly PolicyPeer[];
    readonly ports?: readonly PolicyPort[];
  }[];
}

export interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec;
}

/** What a step may ask about the world: real names and addresses, known only once it stands. */
export interface Scene {
  /** Real name of a namespace by its short one, `x`. */
  readonly namespace: (short: string) => string;
  /** Address of a Pod, `x/a`. */
  readonly address: (pod: string) => string;
  /** Where the API server listens, when the world probes it. */
  readonly apiServer: { readonly address: string; readonly port: number };
}

/** Everything that holds in a step. Labels come over `ns: x` of a namespace and `pod: a` of a Pod. */
export interface State {
  readonly policies: readonly Policy[];
  readonly podLabels: Readonly<Record<string, Labels>>;
  readonly namespaceLabels: Readonly<Record<string, Labels>>;
  readonly morePods?: readonly string[];
  readonly withoutPods?: readonly string[];
}

/** What not every cluster can do (`ipv6`), or no prober (the others); a step that needs it is skipped with the reason. */
export type Need = 'ipv6' | 'dual-stack' | 'sctp';

export interface Step {
  /** `peers-ingress.4`: the family and a number in it that never changes. */
  readonly id: string;
  readonly family: string;
  readonly title: string;
  /** Which mistake of an engine it would show. */
  readonly idea: string;
  /** The case of the Kubernetes e2e suite whose idea it shares. */
  readonly upstream?: string;
  readonly needs?: Need;
  readonly state: (scene: Scene) => State;
  /**
   * The step before it, where the way from one to the other is what is tested: a deletion, a label that moves. In a world that
   * comes from elsewhere, that step is brought about first.
   */
  readonly follows?: string;
  /** What a person expects, see expectation.ts: checked against the model, so that a wrong model cannot hide. */
  readonly expect?: readonly string[];
}

/** A step before its family gives it an id. */
export type Draft = Omit<Step, 'id' | 'family' | 'follows'>;

export function family(name: string, drafts: readonly Draft[]): Step[] {
  return drafts.map((draft, index) => ({ id: `${name}.${index + 1}`, family: name, ...draft }));
}

/** A family whose steps test the way from one to the next. */
export function chain(name: string, drafts: readonly Draft[]): Step[] {
  return family(name, drafts).map((step, index) =>
    index === 0 ? step : { ...step, follows: `${name}.${index}` },
  );
}
