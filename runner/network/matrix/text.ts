// The matrix on 80 columns: sources down, destinations across by number, in as many blocks as it takes.
import type { GroupedMatrix, GroupVerdict } from './groups.ts';
import { portName } from './ports.ts';
import { meanings, signs } from './words.ts';

const columns = 80;
const longestName = 36;

export function matrixText(matrix: GroupedMatrix): string {
  if (matrix.groups.length === 0) return 'There is no Pod, so there is no matrix.';
  return [...matrix.ports.map((_, index) => portText(matrix, index)), legend(matrix)].join('\n\n');
}

function portText(matrix: GroupedMatrix, portIndex: number): string {
  const port = matrix.ports[portIndex];
  const rows = matrix.verdicts[portIndex] ?? [];
  const digits = String(matrix.groups.length).length;
  const names = matrix.groups.map(({ name, size }, index) => {
    const many = size > 1 ? ` x${size}` : '';
    return `${String(index + 1).padStart(digits)} ${shortened(name, longestName - many.length)}${many}`;
  });
  const width = Math.max(...names.map(({ length }) => length));
  const perBlock = Math.floor((columns - width) / (digits + 1));
  const starts = Array.from({ length: Math.ceil(names.length / perBlock) }, (_, block) => block * perBlock);
  const blocks = starts.map((start) => {
    const numbers = names.slice(start, start + perBlock).map((_, index) => start + index + 1);
    const head = `${''.padEnd(width)}${numbers.map((number) => ` ${String(number).padStart(digits)}`).join('')}`;
    const lines = rows.map((row, index) => {
      const cells = row
        .slice(start, start + perBlock)
        .map(({ verdict }) => ` ${signs[verdict].padStart(digits)}`);
      return `${(names[index] ?? '').padEnd(width)}${cells.join('')}`.trimEnd();
    });
    return [head, ...lines].join('\n');
  });
  const title = `port ${port === undefined ? '' : portName(port)}, from the line to the column`;
  return [title, ...blocks].join('\n');
}

/** The end of a name tells more than its middle. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const end = Math.floor(room / 2);
  return `${name.slice(0, room - end - 1)}…${name.slice(-end)}`;
}

function legend({ verdicts }: GroupedMatrix): string {
  const seen = new Set<GroupVerdict>(verdicts.flat(2).map(({ verdict }) => verdict));
  const shown = Object.entries(meanings).filter(([verdict]) => seen.has(verdict as GroupVerdict));
  return shown.map(([verdict, meaning]) => `${signs[verdict as GroupVerdict]} ${meaning}`).join('   ');
}
