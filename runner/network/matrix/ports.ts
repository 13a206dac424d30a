// Which ports a matrix asks about when nobody names any: those that Pods declare, the most frequent first.
import type { PodInfo, PortQuery } from '../model/types.ts';

export interface ChosenPorts {
  readonly ports: readonly PortQuery[];
  /** Declared too, and left out to keep the matrix readable. */
  readonly leftOut: readonly PortQuery[];
}

const most = 4;

/** 80/TCP where no Pod declares a port. */
export function declaredPorts(pods: readonly PodInfo[]): ChosenPorts {
  const declared = pods.flatMap(({ ports }) => ports.map(({ port, protocol }) => `${port}/${protocol}`));
  const counted = [...Map.groupBy(declared, (port) => port)].toSorted(
    ([a, x], [b, y]) => y.length - x.length || Number.parseInt(a, 10) - Number.parseInt(b, 10),
  );
  const all = counted.map(([text]) => queryOf(text));
  if (all.length === 0) return { ports: [{ port: 80, protocol: 'TCP' }], leftOut: [] };
  return { ports: all.slice(0, most), leftOut: all.slice(most) };
}

function queryOf(text: string): PortQuery {
  const [port, protocol] = text.split('/');
  return { port: Number(port), protocol: protocol as PortQuery['protocol'] };
}

export function portName({ port, protocol, family }: PortQuery): string {
  return `${port}/${protocol}${family === undefined ? '' : ` (${family})`}`;
}
