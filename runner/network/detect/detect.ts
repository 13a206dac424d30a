// Pure: which CNI and which policy engine a cluster runs, from its agents and resource definitions, with what was seen and what is odd.
import type { Agent, ClusterFacts, Detection, Evidence, NetworkName } from './facts.ts';
import { imageIs, type Role, type Sign, signs } from './signs.ts';

interface Found {
  readonly network: NetworkName;
  readonly role: Role;
  readonly agent: Agent;
}

export function detectNetwork(facts: ClusterFacts): Detection {
  const found = facts.agents.flatMap((agent) => {
    const sign = signOf(agent);
    return sign === undefined ? [] : [{ network: sign.network, role: sign.role(agent), agent }];
  });
  const running = found.filter(({ agent }) => agent.wanted > 0);
  const embedded = embeddedEngine(facts);
  const engines = each(running.filter(({ role }) => role.policies).map(({ network }) => network));
  const carriers = each(running.filter(({ role }) => role.cni).map(({ network }) => network));
  const leftovers = leftoverDefinitions(facts, found);
  return {
    cni: carriers[0] ?? embedded?.cni ?? 'unknown',
    policyEngine: engines[0] ?? embedded?.policyEngine ?? (running.length > 0 ? 'none' : 'unknown'),
    evidence: [
      ...found.map(evidenceOf),
      ...(embedded === undefined ? [] : [embedded.evidence]),
      ...definitions(facts, found),
      ...leftovers.map(({ evidence }) => evidence),
    ],
    doubts: [
      ...notReady(running),
      ...several('enforce policies', engines),
      ...several('carry Pod traffic', carriers),
      ...leftovers.map(({ doubt }) => doubt),
      ...(facts.crds === undefined
        ? ['resource definitions could not be read, so they say nothing here']
        : []),
      ...(found.length === 0 && embedded === undefined
        ? [
            'no agent of a known network runs: it may be part of the nodes, or of a name that is not known here',
          ]
        : []),
    ],
  };
}

function signOf({ name, containers }: Agent): Sign | undefined {
  const byName = signs.find(({ names }) => names.includes(name));
  // An operator of the same family is no agent: only images decide for other names.
  return (
    byName ??
    signs.find(({ images }) => containers.some(({ image }) => images.some((one) => imageIs(image, one))))
  );
}

function evidenceOf({ network, role, agent }: Found): Evidence {
  const { kind, namespace, name, ready, wanted } = agent;
  const does = role.policies ? 'enforces policies' : 'enforces no policies';
  const carries = role.cni ? 'carries Pod traffic' : 'does not carry Pod traffic';
  return {
    seen: `${kind} ${namespace}/${name} (${ready} of ${wanted} ready)`,
    means: `${network}: ${carries}, ${does}${role.because === undefined ? '' : ` (${role.because})`}`,
  };
}

/** k3s carries flannel and the policy controller of kube-router inside its own process: there is no agent to see. */
function embeddedEngine({
  nodes,
}: ClusterFacts):
  | { readonly cni: NetworkName; readonly policyEngine: NetworkName; readonly evidence: Evidence }
  | undefined {
  const node = nodes.find(({ kubeletVersion }) => kubeletVersion.includes('+k3s'));
  if (node === undefined) return undefined;
  return {
    cni: 'flannel',
    policyEngine: 'kube-router',
    evidence: {
      seen: `node ${node.name} runs ${node.kubeletVersion}`,
      means: 'k3s: flannel and the policy controller of kube-router are built in, unless switched off',
    },
  };
}

function definitions({ crds = [] }: ClusterFacts, found: readonly Found[]): Evidence[] {
  const present = new Set(found.map(({ network }) => network));
  return signs
    .filter(({ network }) => present.has(network))
    .flatMap(({ network, crdGroups }) => {
      const own = crds.filter((name) => crdGroups.some((group) => name.endsWith(`.${group}`)));
      return own.length === 0
        ? []
        : [
            {
              seen: `${own.length} resource definitions such as ${own[0]}`,
              means: `${network} is installed`,
            },
          ];
    });
}

/** Definitions without an agent: what an uninstalled network forgot. They prove nothing about who enforces. */
function leftoverDefinitions(
  { crds = [] }: ClusterFacts,
  found: readonly Found[],
): { readonly evidence: Evidence; readonly doubt: string }[] {
  const present = new Set(found.map(({ network }) => network));
  return signs
    .filter(({ network }) => !present.has(network))
    .flatMap(({ network, crdGroups }) => {
      const own = crds.find((name) => crdGroups.some((group) => name.endsWith(`.${group}`)));
      if (own === undefined) return [];
      const doubt = `${network} has resource definitions and no agent: left over, or its agents have other names`;
      return [
        { evidence: { seen: `resource definition ${own}`, means: `${network} was installed once` }, doubt },
      ];
    });
}

function notReady(running: readonly Found[]): string[] {
  return running
    .filter(({ agent }) => agent.ready < agent.wanted)
    .map(
      ({ agent: { namespace, name, ready, wanted } }) =>
        `${namespace}/${name}: ${ready} of ${wanted} ready, so nodes may be without enforcement`,
    );
}

function several(does: string, networks: readonly NetworkName[]): string[] {
  return networks.length > 1 ? [`several networks ${does}: ${networks.join(', ')}`] : [];
}

function each(names: readonly NetworkName[]): NetworkName[] {
  return [...new Set(names)];
}
