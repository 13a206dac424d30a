// The catalogue, in the order in which it runs: families next to each other change few objects from step to step.
import { blocksAndPorts, blocksEgress, blocksIngress } from './families/blocks.ts';
import { changes } from './families/changes.ts';
import { deny } from './families/deny.ts';
import { labels, podsComeAndGo } from './families/living.ts';
import { open } from './families/open.ts';
import { peersAndPorts, peersEgress, peersIngress } from './families/peers.ts';
import { portsEgress, portsIngress } from './families/ports.ts';
import { protocols } from './families/protocols.ts';
import { ownPods, services } from './families/services.ts';
import { targetsEgress, targetsIngress } from './families/targets.ts';
import { unions } from './families/unions.ts';
import type { Step } from './step.ts';

export const catalogue: readonly Step[] = [
  open,
  deny,
  targetsIngress,
  targetsEgress,
  peersIngress,
  peersEgress,
  peersAndPorts,
  portsIngress,
  portsEgress,
  blocksIngress,
  blocksEgress,
  blocksAndPorts,
  unions,
  changes,
  labels,
  podsComeAndGo,
  services,
  ownPods,
  protocols,
].flat();
