// The matrix as one page that needs nothing else: readable in light and dark, by keyboard and by screen reader, and on paper.
import type { GroupCell, GroupedMatrix } from './groups.ts';
import { portName } from './ports.ts';
import { cellWords, colours, escapeMarkup, meanings, signs } from './words.ts';

/** Above this many cells the reasons are left out, or the page would be tens of megabytes. */
const mostReasons = 40_000;

export function matrixHtml(matrix: GroupedMatrix, source: string): string {
  const total = matrix.ports.length * matrix.groups.length ** 2;
  const reasons = total <= mostReasons ? 'told' : 'left-out';
  const note =
    reasons === 'told'
      ? 'Point at a cell to see which rules decide.'
      : 'The matrix is too large for the deciding rules; charter network explain tells them.';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>NetworkPolicy matrix</title>
<style>
${style()}
</style>
</head>
<body>
<main>
<h1>NetworkPolicy matrix</h1>
<p>What the policies say, not what was measured. Read from ${escapeMarkup(source)}. Sources are rows, destinations are columns. ${note}</p>
<ul class="legend">
${Object.entries(meanings)
  .map(
    ([verdict, meaning]) =>
      `<li><span class="sign ${verdict}">${sign(verdict as keyof typeof meanings)}</span> ${meaning}</li>`,
  )
  .join('\n')}
</ul>
${matrix.ports.map((_, index) => table(matrix, index, reasons)).join('\n')}
</main>
</body>
</html>
`;
}

function style(): string {
  const rules = (mode: 'light' | 'dark') =>
    Object.entries(colours)
      .map(([verdict, colour]) => `.${verdict}{background:${colour[mode]}}`)
      .join('');
  return `:root{color-scheme:light dark}
body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem;background:#fff;color:#1a1c20}
.scroll{overflow:auto;max-height:90vh;margin-bottom:2rem}
table{border-collapse:separate;border-spacing:1px}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th{font-weight:400;text-align:left;white-space:nowrap;padding:.1rem .4rem;background:#fff;position:sticky;left:0}
thead th{writing-mode:vertical-rl;transform:rotate(180deg);vertical-align:bottom;top:0;left:auto}
td,.sign{width:1.4rem;min-width:1.4rem;height:1.4rem;text-align:center;font-family:ui-monospace,monospace}
.sign{display:inline-block}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:1rem}
${rules('light')}
@media (prefers-color-scheme:dark){body,th{background:#16181c;color:#e8eaed}${rules('dark')}}`;
}

function sign(verdict: keyof typeof signs): string {
  return verdict === 'none' ? '' : verdict === 'allowed' ? '·' : signs[verdict];
}

function table(
  { groups, ports, verdicts }: GroupedMatrix,
  index: number,
  reasons: 'told' | 'left-out',
): string {
  const port = ports[index];
  const names = groups.map(({ name, size }) => escapeMarkup(size > 1 ? `${name} ×${size}` : name));
  const rows = (verdicts[index] ?? []).map(
    (row, from) =>
      `<tr><th scope="row">${names[from]}</th>${row.map((cell) => tableCell(cell, reasons)).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="port ${port === undefined ? '' : portName(port)}"><table>
<caption>port ${port === undefined ? '' : portName(port)}</caption>
<thead><tr><td></td>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function tableCell(cell: GroupCell, reasons: 'told' | 'left-out'): string {
  const title = reasons === 'told' ? ` title="${escapeMarkup(cellWords(cell))}"` : '';
  return `<td class="${cell.verdict}"${title}>${sign(cell.verdict)}</td>`;
}
