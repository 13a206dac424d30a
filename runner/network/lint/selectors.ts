// Selectors that mean nobody, or somebody else than their author thought.
import { isEmptySelector } from '../model/selector.ts';
import { namespacesOf, peerParts, podsOf, ruleParts, selectedPods, selectorText } from './parts.ts';
import { type LintRule, lintRule } from './types.ts';

export const selectorRules: readonly LintRule[] = [
  lintRule(
    'selects-no-pod',
    'warning',
    'A policy whose podSelector matches no Pod isolates nothing.',
    (state) =>
      state.pods.length === 0
        ? []
        : state.policies
            .filter((policy) => selectedPods(policy, state.pods).length === 0)
            .map((policy) => ({
              policy,
              path: 'spec.podSelector',
              message: `matches no Pod of namespace ${policy.metadata.namespace} (${selectorText(policy.spec.podSelector ?? {})})`,
              fix: `compare with kubectl get pods -n ${policy.metadata.namespace} --show-labels; is the namespace right?`,
            })),
  ),
  lintRule(
    'peer-matches-no-namespace',
    'warning',
    'A namespaceSelector that matches no namespace allows nobody.',
    (state) =>
      state.pods.length === 0
        ? []
        : peerParts(state.policies).flatMap(({ policy, path, peer }) =>
            peer.namespaceSelector !== undefined &&
            namespacesOf(peer.namespaceSelector, policy.metadata.namespace, state).size === 0
              ? [
                  {
                    policy,
                    path: `${path}.namespaceSelector`,
                    message: `matches no namespace (${selectorText(peer.namespaceSelector)})`,
                    fix: 'label the namespace, or select it by kubernetes.io/metadata.name, which every namespace has',
                  },
                ]
              : [],
          ),
  ),
  lintRule('peer-matches-no-pod', 'warning', 'A peer whose selectors match no Pod allows nobody.', (state) =>
    state.pods.length === 0
      ? []
      : peerParts(state.policies).flatMap(({ policy, path, peer }) => {
          const { namespace } = policy.metadata;
          const hasNamespace = namespacesOf(peer.namespaceSelector, namespace, state).size > 0;
          if (!hasNamespace || podsOf(peer, namespace, state)?.length !== 0) return [];
          const where =
            peer.namespaceSelector === undefined ? `namespace ${namespace}` : 'the namespaces it selects';
          const elsewhere =
            podsOf({ podSelector: peer.podSelector, namespaceSelector: {} }, namespace, state) ?? [];
          const [other] = peer.podSelector === undefined ? [] : elsewhere;
          return [
            {
              policy,
              path,
              message: `matches no Pod of ${where} (${selectorText(peer.podSelector ?? {})})`,
              fix:
                other === undefined
                  ? 'compare with the labels of the Pods that were meant'
                  : `Pods with these labels are in namespace ${other.namespace}: add its namespaceSelector to the same entry`,
            },
          ];
        }),
  ),
  lintRule(
    'two-peers-or-one',
    'info',
    'A namespaceSelector and a podSelector as two entries allow each alone, which is seldom meant.',
    ({ policies }) =>
      ruleParts(policies).flatMap(({ policy, path, direction, peers }) => {
        const key = direction === 'ingress' ? 'from' : 'to';
        return peers.flatMap((peer, index) => {
          const before = peers[index - 1];
          const split =
            before?.namespaceSelector !== undefined &&
            before.podSelector === undefined &&
            peer.podSelector !== undefined &&
            !isEmptySelector(peer.podSelector) &&
            peer.namespaceSelector === undefined;
          if (!split) return [];
          return [
            {
              policy,
              path: `${path}.${key}[${index}]`,
              message: `is an entry of its own beside ${key}[${index - 1}]: all Pods of those namespaces are allowed, and these Pods of the own namespace`,
              fix: 'if Pods with these labels in those namespaces are meant, remove the dash before podSelector',
            },
          ];
        });
      }),
  ),
  lintRule(
    'selects-host-network',
    'warning',
    'Most engines do not apply a policy to Pods in the host network.',
    (state) =>
      state.policies.flatMap((policy) => {
        const [first, ...more] = selectedPods(policy, state.pods).filter(
          ({ hostNetwork }) => hostNetwork === true,
        );
        if (first === undefined) return [];
        return [
          {
            policy,
            path: 'spec.podSelector',
            message: `selects ${first.name}${more.length === 0 ? '' : ` and ${more.length} more`} in the host network, where most engines apply no policy`,
            fix: 'do not rely on it: take the Pod out of the host network, or filter on the node',
          },
        ];
      }),
  ),
];
