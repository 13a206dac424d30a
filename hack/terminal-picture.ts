// Draws docs/run.svg: a real run on a real terminal of 80 columns, its last lines as they were printed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const faults = ['trino-mask-lost'];
const colours: Record<string, string> = {
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '35': '#d2a8ff',
  '2': '#8b949e',
};
const lineHeight = 19;
const shownLines = 40;

const out = mkdtempSync(join(tmpdir(), 'charter-picture-'));
const args = [
  'run',
  '--embedded',
  '--campaign',
  'C-15',
  '--retry',
  '0',
  '--out',
  out,
  ...faults.flatMap((fault) => ['--fault', fault]),
];
const command = `stty cols 80; ${join(root, 'hack/charter')} ${args.join(' ')}`;
const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], {
  encoding: 'utf8',
  env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' },
});
if (status !== 1) throw new Error(`the run ended with ${status}, a failed case was expected: ${stdout}`);

const printed = stdout
  .replaceAll('\r\n', '\n')
  .split('\n')
  .map((line) => line.split('\r\u001b[2K').at(-1) ?? '')
  .map((line) => line.replaceAll(out, 'charter-out'));
const lines = [`$ charter ${args.slice(0, 4).join(' ')} --fault ${faults[0]}`, ...printed]
  .filter((line, i, all) => line !== '' || all[i - 1] !== '')
  .slice(0, shownLines);
while (lines.at(-1) === '') lines.pop();
if (!lines.at(-1)?.includes('SUMMARY'))
  lines.splice(shownLines - 4, lines.length, '…', ...printed.filter((line) => line !== '').slice(-2));

const xmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const esc = String.fromCharCode(27);
const colourCodes = new RegExp(`(${esc}\\[\\d+m)`);
const colourCode = new RegExp(`^${esc}\\[(\\d+)m$`);

function spans(line: string): string {
  let fill = '#e6edf3';
  let weight = 'normal';
  return line
    .split(colourCodes)
    .map((piece) => {
      const code = colourCode.exec(piece)?.[1];
      if (code === undefined)
        return piece === '' ? '' : `<tspan fill="${fill}" font-weight="${weight}">${xmlText(piece)}</tspan>`;
      fill = colours[code] ?? '#e6edf3';
      weight = code === '1' ? 'bold' : 'normal';
      return '';
    })
    .join('');
}

const body = lines
  .map((line, i) => `<text x="16" y="${28 + i * lineHeight}" xml:space="preserve">${spans(line)}</text>`)
  .join('\n');
const height = 36 + lines.length * lineHeight;
writeFileSync(
  join(root, 'docs/run.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 ${height}" width="700" height="${height}" role="img" aria-label="A run in which a mask is lost">
<style>text { font: 13.5px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre }</style>
<rect width="700" height="${height}" rx="8" fill="#0d1117"/>
${body}
</svg>
`,
);
