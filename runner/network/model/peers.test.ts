// Whom podSelector and namespaceSelector mean, apart and together.
import { allow, allowOut, inAlice, isB, outside, type Row, sentence } from './sentence-testing.ts';
import { pod, pods } from './testing.ts';

const { xa, xb, ya, yb, za } = pods;

sentence(
  'Network Policies',
  '__podSelector__: This selects particular Pods in the same namespace as the NetworkPolicy',
  [
    ['the Pod with the label', [allow([{ podSelector: { matchLabels: { pod: 'b' } } }])], xb, xa, 'allowed'],
    [
      'its namesake in another namespace',
      [allow([{ podSelector: { matchLabels: { pod: 'b' } } }])],
      yb,
      xa,
      'denied',
    ],
    ['{} is every Pod of the namespace', [allow([{ podSelector: {} }])], xb, xa, 'allowed'],
    ['and no other', [allow([{ podSelector: {} }])], ya, xa, 'denied'],
    ['nor an address', [allow([{ podSelector: {} }])], outside, xa, 'denied'],
    ['the same in egress', [allowOut([{ podSelector: { matchLabels: { pod: 'b' } } }])], xa, xb, 'allowed'],
    ['and not the namesake', [allowOut([{ podSelector: { matchLabels: { pod: 'b' } } }])], xa, yb, 'denied'],
  ],
);

sentence(
  'Network Policies',
  '__namespaceSelector__: This selects particular namespaces for which all Pods should be allowed',
  [
    ['every Pod there', [allow([{ namespaceSelector: { matchLabels: { team: 'y' } } }])], ya, xa, 'allowed'],
    [
      'not those elsewhere',
      [allow([{ namespaceSelector: { matchLabels: { team: 'y' } } }])],
      za,
      xa,
      'denied',
    ],
    [
      'not even in its own namespace',
      [allow([{ namespaceSelector: { matchLabels: { team: 'y' } } }])],
      xb,
      xa,
      'denied',
    ],
    ['{} is all namespaces', [allow([{ namespaceSelector: {} }])], za, xa, 'allowed'],
    ['but no address outside', [allow([{ namespaceSelector: {} }])], outside, xa, 'denied'],
    [
      'by the name that the API server writes',
      [allow([{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'y' } } }])],
      ya,
      xa,
      'allowed',
    ],
    [
      'also of a namespace that was not listed',
      [allow([{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'new' } } }])],
      pod('new', 'a', '10.9.0.1'),
      xa,
      'allowed',
    ],
  ],
);

const zb = pod('z', 'b', '10.3.0.2');
sentence(
  'Network Policies',
  'A single `to`/`from` entry that specifies both `namespaceSelector` and `podSelector` selects particular Pods within particular namespaces.',
  [
    ['one entry: both must hold', [allow([{ ...inAlice, ...isB }])], zb, xa, 'allowed'],
    ['one entry: the label alone is not enough', [allow([{ ...inAlice, ...isB }])], yb, xa, 'denied'],
    ['one entry: the namespace alone is not enough', [allow([{ ...inAlice, ...isB }])], za, xa, 'denied'],
    ['two entries: the namespace is enough', [allow([inAlice, isB])], za, xa, 'allowed'],
    ['two entries: the label is enough in the own namespace', [allow([inAlice, isB])], xb, xa, 'allowed'],
    ['two entries: the label elsewhere is not', [allow([inAlice, isB])], yb, xa, 'denied'],
    [
      'an empty podSelector beside it adds nothing',
      [allow([{ ...inAlice, podSelector: {} }])],
      za,
      xa,
      'allowed',
    ],
  ],
);

sentence(
  'API reference',
  'The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects.',
  [
    ...(
      [
        ['In', [{ key: 'pod', operator: 'In', values: ['a', 'b'] }], 'allowed'],
        ['In, another value', [{ key: 'pod', operator: 'In', values: ['a'] }], 'denied'],
        ['In, key absent', [{ key: 'tier', operator: 'In', values: ['b'] }], 'denied'],
        ['NotIn', [{ key: 'pod', operator: 'NotIn', values: ['a'] }], 'allowed'],
        ['NotIn, the value', [{ key: 'pod', operator: 'NotIn', values: ['b'] }], 'denied'],
        ['NotIn, key absent', [{ key: 'tier', operator: 'NotIn', values: ['b'] }], 'allowed'],
        ['Exists', [{ key: 'pod', operator: 'Exists' }], 'allowed'],
        ['Exists, key absent', [{ key: 'tier', operator: 'Exists' }], 'denied'],
        ['DoesNotExist', [{ key: 'tier', operator: 'DoesNotExist' }], 'allowed'],
        ['DoesNotExist, key there', [{ key: 'pod', operator: 'DoesNotExist' }], 'denied'],
        [
          'two must both hold',
          [
            { key: 'pod', operator: 'Exists' },
            { key: 'tier', operator: 'Exists' },
          ],
          'denied',
        ],
        ['a key that every object inherits', [{ key: 'constructor', operator: 'Exists' }], 'denied'],
      ] as const
    ).map(
      ([what, matchExpressions, expected]): Row => [
        what,
        [allow([{ podSelector: { matchExpressions } }])],
        xb,
        xa,
        expected,
      ],
    ),
    [
      'labels and expressions together',
      [
        allow([
          {
            podSelector: {
              matchLabels: { pod: 'b' },
              matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['b'] }],
            },
          },
        ]),
      ],
      xb,
      xa,
      'denied',
    ],
  ],
);
