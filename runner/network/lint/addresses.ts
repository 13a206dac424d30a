// ipBlocks that name addresses which are not what a policy sees: Pods, which move, and Services, which are rewritten on the way.
import { ipBlockMatcher, parseCidr } from '../model/address.ts';
import type { IpBlock } from '../model/types.ts';
import type { NetworkState, ServiceInfo } from '../state/types.ts';
import { peerParts, type RulePart } from './parts.ts';
import { type LintRule, lintRule } from './types.ts';

export const addressRules: readonly LintRule[] = [
  lintRule(
    'ip-block-holds-pods',
    'warning',
    'An ipBlock that holds addresses of Pods stops fitting when they move.',
    (state) =>
      blocks(state).flatMap(({ policy, path, block }) => {
        if (isEverything(block)) return [];
        const inBlock = ipBlockMatcher(block);
        const own = state.pods.filter(({ hostNetwork, ips }) => hostNetwork !== true && ips.some(inBlock));
        const [first] = own;
        if (first === undefined) return [];
        return [
          {
            policy,
            path,
            message: `${block.cidr} holds the addresses of ${own.length} Pods, e.g. ${first.namespace}/${first.name}`,
            fix: 'select Pods by labels; keep the block for addresses outside and put the Pod range into except',
          },
        ];
      }),
  ),
  lintRule(
    'api-server-by-service-address',
    'error',
    'Egress to the API server must name its endpoints: the Service address is rewritten before most engines look.',
    (state) => {
      const service = state.services.find(isApiServer);
      return egressBlocks(state).flatMap(({ policy, path, block, ports }) => {
        const named =
          service === undefined
            ? usualAddresses.find((ip) => isAlone(block, ip))
            : service.clusterIps.find((ip) => names(block, ip));
        if (named === undefined) return [];
        const endpoints = state.endpoints.filter((one) => one.service === 'default/kubernetes');
        const { addresses } = { addresses: endpoints.flatMap((one) => one.addresses) };
        if (addresses.some(ipBlockMatcher(block))) return [];
        const port = endpoints.flatMap((one) => one.ports)[0]?.port ?? 6443;
        const wrongPort = ports.some((one) => one.port === 443) && port !== 443;
        const known = addresses.map((ip) => `${ip}/${ip.includes(':') ? 128 : 32}`).join(', ');
        return [
          {
            policy,
            path,
            message: `${block.cidr} is the Service address of the API server (${named}), not its endpoint`,
            fix: `name the endpoint${known === '' ? ' (kubectl get endpointslices -n default)' : ` ${known}`}${wrongPort ? `, with port ${port} instead of 443` : ''}`,
          },
        ];
      });
    },
  ),
  lintRule(
    'service-address',
    'warning',
    'An ipBlock that names a Service address: select the Pods behind it.',
    (state) =>
      egressBlocks(state).flatMap(({ policy, path, block }) => {
        const found = state.services
          .filter((service) => !isApiServer(service))
          .find(({ clusterIps }) => clusterIps.some((ip) => names(block, ip)));
        if (found === undefined) return [];
        return [
          {
            policy,
            path,
            message: `${block.cidr} is the address of Service ${found.namespace}/${found.name}, which most engines rewrite before they look`,
            fix: `select its Pods in namespace ${found.namespace} by ${JSON.stringify(found.selector ?? {})}`,
          },
        ];
      }),
  ),
];

interface BlockPart extends Omit<RulePart, 'peers'> {
  readonly block: IpBlock;
}

function blocks({ policies }: NetworkState): BlockPart[] {
  return peerParts(policies).flatMap(({ peer, ...part }) =>
    peer.ipBlock === undefined ? [] : [{ ...part, block: peer.ipBlock, path: `${part.path}.ipBlock` }],
  );
}

function egressBlocks(state: NetworkState): BlockPart[] {
  return blocks(state).filter(({ direction }) => direction === 'egress');
}

function isEverything({ cidr }: IpBlock): boolean {
  return parseCidr(cidr)?.prefix === 0;
}

/** The block is about this very address, and not a large one that happens to hold it. */
function names(block: IpBlock, ip: string): boolean {
  const cidr = parseCidr(block.cidr);
  const least = cidr?.family === 'IPv6' ? 120 : 24;
  return cidr !== undefined && cidr.prefix >= least && ipBlockMatcher(block)(ip);
}

/** Nothing but this address. */
function isAlone(block: IpBlock, ip: string): boolean {
  return parseCidr(block.cidr)?.prefix === 32 && names(block, ip);
}

function isApiServer({ namespace, name }: ServiceInfo): boolean {
  return namespace === 'default' && name === 'kubernetes';
}

/** First address of the Service range as kubeadm, k3s, EKS and GKE or AKS set it, for manifests that carry no Service of the API server: a guess. */
const usualAddresses: readonly string[] = ['10.96.0.1', '10.43.0.1', '172.20.0.1', '10.100.0.1', '10.0.0.1'];
