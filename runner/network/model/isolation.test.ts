// Which Pods are isolated in which direction, and how policies add up.
import { allow, denyIn, denyOut, inAlice, isB, outside, sentence, toA } from './sentence-testing.ts';
import { pods, policy } from './testing.ts';

const { xa, xb, ya, yb, za } = pods;

sentence('API reference', 'Traffic is allowed to a pod if there are no NetworkPolicies selecting the pod', [
  ['no policy', [], ya, xa, 'allowed'],
  [
    'a policy that selects another Pod',
    [policy('x', { podSelector: { matchLabels: { pod: 'b' } } })],
    ya,
    xa,
    'allowed',
  ],
  ['a policy of another namespace', [policy('y', { podSelector: {} })], ya, xa, 'allowed'],
  ['a policy that selects it', [denyIn], ya, xa, 'denied'],
  ['from outside', [denyIn], outside, xa, 'denied'],
  ['from outside to a Pod that nothing selects', [denyIn], outside, ya, 'allowed'],
]);

sentence('API reference', 'If this field is empty then this NetworkPolicy does not allow any traffic', [
  ['ingress absent', [policy('x', { podSelector: {} })], xb, xa, 'denied'],
  ['ingress empty', [policy('x', { podSelector: {}, ingress: [] })], xb, xa, 'denied'],
  ['one empty rule allows all', [policy('x', { podSelector: {}, ingress: [{}] })], ya, xa, 'allowed'],
  ['egress is not touched', [denyIn], xa, ya, 'allowed'],
]);

sentence('API reference', 'If this field is empty then this NetworkPolicy limits all outgoing traffic', [
  ['egress absent', [denyOut], xa, ya, 'denied'],
  ['egress empty', [policy('x', { podSelector: {}, policyTypes: ['Egress'], egress: [] })], xa, ya, 'denied'],
  ['to an address outside', [denyOut], xa, outside, 'denied'],
  ['ingress is not touched', [denyOut], ya, xa, 'allowed'],
  ['one empty rule allows all', [policy('x', { podSelector: {}, egress: [{}] })], xa, outside, 'allowed'],
]);

sentence(
  'API reference',
  'If this field is not specified, it will default based on the existence of ingress or egress rules; policies that contain an egress section are assumed to affect egress, and all policies (whether or not they contain an ingress section) are assumed to affect ingress.',
  [
    ['egress rules only: ingress is isolated too', [policy('x', { ...toA, egress: [{}] })], ya, xa, 'denied'],
    [
      'egress rules: egress is isolated',
      [policy('x', { ...toA, egress: [{ to: [{ podSelector: {} }] }] })],
      xa,
      ya,
      'denied',
    ],
    ['no egress rules: egress is open', [policy('x', toA)], xa, ya, 'allowed'],
    ['egress: [] is no egress rule', [policy('x', { ...toA, egress: [] })], xa, ya, 'allowed'],
    [
      'an empty list of types is none',
      [policy('x', { ...toA, policyTypes: [], egress: [{ to: [{ podSelector: {} }] }] })],
      xa,
      ya,
      'denied',
    ],
  ],
);

sentence(
  'API reference',
  'If you want to write an egress-only policy, you must explicitly specify policyTypes [ "Egress" ].',
  [
    [
      'ingress stays open',
      [policy('x', { ...toA, policyTypes: ['Egress'], egress: [{}] })],
      ya,
      xa,
      'allowed',
    ],
    [
      'ingress rules beside it mean nothing',
      [policy('x', { ...toA, policyTypes: ['Egress'], ingress: [{ from: [{ podSelector: {} }] }] })],
      ya,
      xa,
      'allowed',
    ],
    [
      'egress rules beside [Ingress] mean nothing',
      [policy('x', { ...toA, policyTypes: ['Ingress'], egress: [{ to: [{ podSelector: {} }] }] })],
      xa,
      ya,
      'allowed',
    ],
  ],
);

sentence('Network Policies', 'An empty `podSelector` selects all pods in the namespace.', [
  ['one', [denyIn], yb, xa, 'denied'],
  ['and the other', [denyIn], yb, xb, 'denied'],
  ['none of the next namespace', [denyIn], xa, yb, 'allowed'],
  ['as an absent one does', [policy('x', {})], yb, xb, 'denied'],
]);

sentence('Network Policies', 'Network policies do not conflict; they are additive.', [
  ['what one denies, another allows', [denyIn, allow([isB])], xb, xa, 'allowed'],
  [
    'the union of two',
    [allow([isB]), policy('x', { ...toA, ingress: [{ from: [inAlice] }] }, 'q')],
    za,
    xa,
    'allowed',
  ],
  [
    'two rules of two policies do not make one',
    [
      allow([isB], [{ port: 81 }]),
      policy('x', { ...toA, ingress: [{ from: [inAlice], ports: [{ port: 80 }] }] }, 'q'),
    ],
    xb,
    xa,
    'allowed',
  ],
  [
    'peer of one and port of the other',
    [
      allow([{ podSelector: { matchLabels: { pod: 'c' } } }], [{ port: 80 }]),
      policy('x', { ...toA, ingress: [{ from: [isB], ports: [{ port: 81 }] }] }, 'q'),
    ],
    xb,
    xa,
    'denied',
  ],
]);

sentence(
  'Network Policies',
  'both the egress policy on the source pod and the ingress policy on the destination pod need to allow the connection.',
  [
    ['ingress alone', [denyOut, allow([isB])], xb, xa, 'denied'],
    [
      'egress alone',
      [denyIn, policy('x', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] })],
      xb,
      xa,
      'denied',
    ],
    [
      'both',
      [
        denyIn,
        denyOut,
        allow([isB]),
        policy('x', { ...isB, policyTypes: ['Egress'], egress: [{ to: [toA] }] }, 'q'),
      ],
      xb,
      xa,
      'allowed',
    ],
    [
      'answers need no rule of their own',
      [policy('x', { ...toA, policyTypes: ['Egress'] })],
      xb,
      xa,
      'allowed',
    ],
  ],
);
