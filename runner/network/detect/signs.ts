// How each network shows itself: its agents by name or image, its resource definitions, and whether it enforces policies.
import type { Agent, NetworkName } from './facts.ts';

/** What a running agent does for the network. */
export interface Role {
  readonly cni: boolean;
  readonly policies: boolean;
  /** Why, where it is not plain from the name. */
  readonly because?: string;
}

export interface Sign {
  readonly network: NetworkName;
  /** Name of the DaemonSet or Deployment. */
  readonly names: readonly string[];
  /** Last parts of image names, for agents that were renamed. */
  readonly images: readonly string[];
  /** Groups of resource definitions. */
  readonly crdGroups: readonly string[];
  readonly role: (agent: Agent) => Role;
}

const whole = (): Role => ({ cni: true, policies: true });

export const signs: readonly Sign[] = [
  {
    network: 'calico',
    names: ['calico-node', 'canal'],
    images: ['calico/node'],
    crdGroups: ['crd.projectcalico.org', 'projectcalico.org'],
    role: ({ name, containers }) => {
      const withFlannel = name === 'canal' || containers.some(({ image }) => imageIs(image, 'flannel'));
      return withFlannel
        ? { cni: false, policies: true, because: 'Canal: flannel carries, Calico enforces' }
        : whole();
    },
  },
  { network: 'cilium', names: ['cilium'], images: ['cilium/cilium'], crdGroups: ['cilium.io'], role: whole },
  {
    network: 'antrea',
    names: ['antrea-agent'],
    images: ['antrea/antrea-agent-ubuntu', 'antrea/antrea-ubuntu'],
    crdGroups: ['crd.antrea.io'],
    role: whole,
  },
  {
    network: 'kube-router',
    names: ['kube-router'],
    images: ['kube-router'],
    crdGroups: [],
    role: ({ containers }) => ({
      cni: !hasFlag(containers, '--run-router', 'false'),
      policies: !hasFlag(containers, '--run-firewall', 'false'),
      ...(hasFlag(containers, '--run-firewall', 'false')
        ? { because: 'it runs with --run-firewall=false' }
        : {}),
    }),
  },
  {
    network: 'weave',
    names: ['weave-net'],
    images: ['weave-kube', 'weave-npc'],
    crdGroups: [],
    role: ({ containers }) => {
      const policies = containers.some(({ image }) => imageIs(image, 'weave-npc'));
      return {
        cni: true,
        policies,
        ...(policies ? {} : { because: 'its Pods lack the container weave-npc' }),
      };
    },
  },
  {
    network: 'kindnet',
    names: ['kindnet'],
    images: ['kindnetd'],
    crdGroups: [],
    role: ({ containers }) => {
      const built = containers.map(({ image }) => kindnetBuilt(image)).find((date) => date !== undefined);
      const policies = built === undefined || built >= kindnetEnforcesSince;
      return {
        cni: true,
        policies,
        because:
          built === undefined
            ? 'its image does not say from when it is'
            : `kindnetd of ${built}; it enforces since ${kindnetEnforcesSince}`,
      };
    },
  },
  {
    network: 'ovn',
    names: ['ovnkube-node', 'ovnkube-node-dpu', 'kube-ovn-cni', 'ovn-kubernetes'],
    images: ['ovn-kube-u', 'ovn-kube-f', 'kube-ovn'],
    crdGroups: ['k8s.ovn.org', 'kubeovn.io'],
    role: whole,
  },
  {
    network: 'flannel',
    names: ['kube-flannel-ds', 'kube-flannel'],
    images: ['flannel/flannel', 'flannel'],
    crdGroups: [],
    role: () => ({ cni: true, policies: false, because: 'flannel enforces no policies' }),
  },
  {
    network: 'aws-vpc',
    names: ['aws-node'],
    images: ['amazon-k8s-cni'],
    crdGroups: ['networking.k8s.aws'],
    role: ({ containers }) => {
      const agent = containers.find(({ image }) => imageIs(image, 'aws-network-policy-agent'));
      const policies = agent !== undefined && hasFlag([agent], '--enable-network-policy', 'true');
      return { cni: true, policies, ...(policies ? {} : { because: 'its policy agent is off' }) };
    },
  },
  {
    network: 'kube-network-policies',
    names: ['kube-network-policies'],
    images: ['kube-network-policies'],
    crdGroups: [],
    role: () => ({ cni: false, policies: true }),
  },
];

/** kind v0.24.0 came with the first kindnetd that enforces NetworkPolicies; the image's tag begins with its day. */
const kindnetEnforcesSince = '20240813';

function kindnetBuilt(image: string): string | undefined {
  return imageIs(image, 'kindnetd') ? /:v?(20\d{6})\b/.exec(image)?.[1] : undefined;
}

/** Whether the image, from whatever registry and in whatever version, is the named one. */
export function imageIs(image: string, name: string): boolean {
  const [withoutDigest = ''] = image.split('@');
  const path = withoutDigest.replace(/:[^/:]*$/, '');
  return path === name || path.endsWith(`/${name}`);
}

/** `--flag=value`, `--flag value`; a bare `--flag` is `true`. */
export function hasFlag(containers: Agent['containers'], flag: string, value: 'true' | 'false'): boolean {
  return containers.some(({ args }) =>
    args.some((arg, index) => {
      if (arg === flag) {
        const next = args[index + 1];
        return (next === undefined || next.startsWith('-') ? 'true' : next) === value;
      }
      return arg === `${flag}=${value}`;
    }),
  );
}
