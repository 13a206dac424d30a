// What a person expects of a step, one line per thought; the first line that fits a cell decides it, and what no line names is open.
//   y/* -> x/a:80/TCP yes      y's Pods reach x/a at 80/TCP
//   * -> x/a no                nobody else reaches it
// `*` is everything, `*/*` every Pod of the world, `x/*` and `*/a` some of them, `!x/*` all but those, `x/a|y/b` several;
// `dns` and `api` are the targets outside the world.

export interface AskedCell {
  /** `x/a`. */
  readonly from: string;
  /** `x/a`, `dns` or `api`. */
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
}

interface Line {
  readonly fits: (cell: AskedCell) => boolean;
  readonly verdict: 'allowed' | 'denied';
}

/** Throws TypeError for a line that cannot be read. */
export function expectation(lines: readonly string[]): (cell: AskedCell) => 'allowed' | 'denied' {
  const read = lines.map(parse);
  return (cell) => read.find(({ fits }) => fits(cell))?.verdict ?? 'allowed';
}

/** Targets outside the world that these lines speak of by name. */
export function namedTargets(lines: readonly string[]): readonly string[] {
  const ends = lines.flatMap((line) => shape.exec(line)?.[2]?.split('|') ?? []);
  return ['dns', 'api'].filter((target) => ends.includes(target));
}

const shape = /^(\S+) -> ([^\s:]+?)(?::(\d+))?(?:\/(TCP|UDP))? (yes|no)$/;

function parse(line: string): Line {
  const [, from, to, port, protocol, word] = shape.exec(line) ?? [];
  if (from === undefined || to === undefined) throw new TypeError(`'${line}' is no expectation`);
  const source = pattern(from);
  const destination = pattern(to);
  return {
    fits: (cell) =>
      source(cell.from) &&
      destination(cell.to) &&
      (port === undefined || cell.port === Number(port)) &&
      (protocol === undefined || cell.protocol === protocol),
    verdict: word === 'yes' ? 'allowed' : 'denied',
  };
}

function pattern(text: string): (name: string) => boolean {
  if (text.startsWith('!')) {
    const inner = pattern(text.slice(1));
    return (name) => !inner(name);
  }
  const parts = text.split('|').map(single);
  return (name) => parts.some((fits) => fits(name));
}

function single(text: string): (name: string) => boolean {
  if (text === '*') return () => true;
  const [namespace, pod] = text.split('/');
  return (name) => {
    const [itsNamespace, itsPod] = name.split('/');
    if (pod === undefined || itsPod === undefined) return text === name;
    return (namespace === '*' || namespace === itsNamespace) && (pod === '*' || pod === itsPod);
  };
}
