// The matrix as a picture for documents and reviews; its colours follow the reader's light or dark mode, its signs need no colour.
import type { GroupedMatrix } from './groups.ts';
import { portName } from './ports.ts';
import { colours, escapeMarkup, meanings, signs } from './words.ts';

const cell = 16;
const letter = 7.5;
const gap = 28;

export function matrixSvg(matrix: GroupedMatrix): string {
  const { groups, ports } = matrix;
  const names = groups.map(({ name, size }) => (size > 1 ? `${name} ×${size}` : name));
  const left = Math.max(40, ...names.map(({ length }) => length * letter)) + 10;
  const side = groups.length * cell;
  const height = left + side + gap;
  const width = Math.max(left + side + gap, 460);
  const total = height * ports.length + 24;
  const legend = Object.entries(meanings)
    .map(([verdict, meaning]) => `${signs[verdict as keyof typeof signs]} ${meaning}`)
    .join('   ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" role="img" aria-label="NetworkPolicy matrix of ${groups.length} groups">
<style>${style()}</style>
<rect class="none" width="100%" height="100%"/>
${ports.map((port, index) => `<g transform="translate(0 ${index * height})">${grid(matrix, index, names, left)}<text x="4" y="16" class="title">port ${portName(port)}</text></g>`).join('\n')}
<text x="4" y="${total - 8}">${escapeMarkup(legend)}</text>
</svg>
`;
}

function style(): string {
  const rules = (mode: 'light' | 'dark') =>
    Object.entries(colours)
      .map(([verdict, colour]) => `.${verdict}{fill:${colour[mode]}}`)
      .join('');
  return `text{font:12px ui-monospace,monospace;fill:#1a1c20}.title{font-weight:600}.s{text-anchor:middle}.e{text-anchor:end}${rules('light')}@media (prefers-color-scheme:dark){text{fill:#e8eaed}${rules('dark')}}`;
}

function grid({ verdicts }: GroupedMatrix, index: number, names: readonly string[], left: number): string {
  const rows = verdicts[index] ?? [];
  const rowNames = names.map(
    (name, row) =>
      `<text class="e" x="${left - 6}" y="${left + row * cell + 12}">${escapeMarkup(name)}</text>`,
  );
  const columnNames = names.map((name, column) => {
    const x = left + column * cell + 12;
    return `<text transform="translate(${x} ${left - 6}) rotate(-90)">${escapeMarkup(name)}</text>`;
  });
  const cells = rows.flatMap((row, y) =>
    row.map(({ verdict }, x) => {
      const [px, py] = [left + x * cell, left + y * cell];
      const box = `<rect class="${verdict}" x="${px}" y="${py}" width="${cell - 1}" height="${cell - 1}"/>`;
      const sign =
        verdict === 'none' ? '' : `<text class="s" x="${px + 7.5}" y="${py + 12}">${signs[verdict]}</text>`;
      return box + sign;
    }),
  );
  return [...rowNames, ...columnNames, ...cells].join('\n');
}
