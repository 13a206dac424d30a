// Planted defects: what a tester sets in CHARTER_PROBE_FAULTS (names, separated by commas) to see that no verdict is fooled by them.
// docs/network.md lists which name each of them must be given.

export const faults = [
  /** Every client attempt reports "refused" and sends nothing: a client binary that is missing. */
  'broken-client',
  /** No port is served. */
  'dead-server',
  /** Ports of TCP are served at port + 1000. */
  'wrong-port',
  /** Servers see nonces of UDP and do not answer. */
  'one-way-udp',
  /** The wall clock is 30 s ahead. */
  'clock-offset',
  /** Servers answer with another nonce. */
  'wrong-nonce',
  /** Servers answer as somebody else. */
  'wrong-identity',
  /** Servers answer and do not tell of it. */
  'blind-server',
  /** Clients wait in silence where they are refused: a drop on an engine that rejects. */
  'swallow-refusal',
  /** Clients report a refusal where nobody answers: a reject on an engine that drops. */
  'invent-refusal',
  /** No line leaves after the first ten cycles. */
  'falls-silent',
] as const;
export type Fault = (typeof faults)[number];

/** Throws when a name is not known: a defect that was never planted proves nothing. */
export function faultsOf(text: string | undefined): ReadonlySet<Fault> {
  const names = (text ?? '').split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !(faults as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`CHARTER_PROBE_FAULTS: no such fault: ${unknown.join(', ')}`);
  return new Set(names as Fault[]);
}
