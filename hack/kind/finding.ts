// What the host check says of one thing this host must give.
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warning' | 'problem';
  readonly seen: string;
  /** One line. */
  readonly fix?: string;
}
