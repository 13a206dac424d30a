// The ports of the world: two neighbours for each protocol, whose names mean another number at Pod `c` of each namespace.
import { high, low, portNames } from './catalogue/words.ts';
import type { Served, Wish } from './settings.ts';

const served = (first: number, second: number): readonly Served[] => [
  { port: first, protocol: 'TCP', name: portNames.low },
  { port: second, protocol: 'TCP', name: portNames.high },
  { port: first, protocol: 'UDP', name: portNames.lowUdp },
  { port: second, protocol: 'UDP', name: portNames.highUdp },
];
const crossed = served(high, low);

export const wish: Wish = {
  ports: served(low, high),
  portsOf: { 'x/c': crossed, 'y/c': crossed, 'z/c': crossed },
};
