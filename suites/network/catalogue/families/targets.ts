// Which Pods a policy isolates: every form of podSelector, in both directions.
import { type Draft, family, type Selector } from '../step.ts';
import { allOf, directed, inX, labelled, pod, where } from '../words.ts';

interface Target {
  readonly name: string;
  readonly selector: Selector;
  /** The Pods of x that it isolates. */
  readonly isolates: string;
  readonly upstream?: string;
}

const targets: readonly Target[] = [
  {
    name: 'one label',
    selector: pod('a'),
    isolates: 'x/a',
    upstream: 'should deny egress from pods based on PodSelector',
  },
  { name: 'a label that two Pods lack', selector: labelled({ tier: 'back' }), isolates: 'x/b' },
  { name: 'two labels of one Pod', selector: labelled({ pod: 'b', tier: 'back' }), isolates: 'x/b' },
  {
    name: 'two labels that no Pod has together',
    selector: labelled({ pod: 'a', tier: 'back' }),
    isolates: 'none',
  },
  { name: 'In with one value', selector: where('pod', 'In', 'c'), isolates: 'x/c' },
  { name: 'In with two values', selector: where('pod', 'In', 'a', 'c'), isolates: 'x/a|x/c' },
  { name: 'In with a value that nobody has', selector: where('pod', 'In', 'b', 'nobody'), isolates: 'x/b' },
  {
    name: 'NotIn, which a Pod without the key fulfils',
    selector: where('tier', 'NotIn', 'front'),
    isolates: 'x/b|x/c',
  },
  {
    name: 'NotIn with every value there is',
    selector: where('pod', 'NotIn', 'a', 'b', 'c'),
    isolates: 'none',
  },
  { name: 'Exists', selector: where('tier', 'Exists'), isolates: 'x/a|x/b' },
  { name: 'DoesNotExist', selector: where('tier', 'DoesNotExist'), isolates: 'x/c' },
  {
    name: 'a label and an expression together',
    selector: allOf(pod('b'), where('tier', 'Exists')),
    isolates: 'x/b',
  },
  {
    name: 'two expressions together',
    selector: allOf(where('tier', 'Exists'), where('pod', 'NotIn', 'a')),
    isolates: 'x/b',
  },
  {
    name: 'a label of the namespace, which is none of its Pods',
    selector: labelled({ team: 'red' }),
    isolates: 'none',
  },
];

const idea = 'Pods isolated that are not selected, or selected and not isolated';

function drafts(direction: 'ingress' | 'egress'): Draft[] {
  return targets.map(({ name, selector, isolates, upstream }) => ({
    title: `${direction} of the Pods selected by ${name} is denied`,
    idea,
    ...(upstream !== undefined && direction === 'egress' ? { upstream } : {}),
    state: inX(directed[direction](selector)),
    expect: [direction === 'ingress' ? `* -> ${isolates} no` : `${isolates} -> * no`],
  }));
}

export const targetsIngress = family('targets-ingress', drafts('ingress'));
export const targetsEgress = family('targets-egress', drafts('egress'));
