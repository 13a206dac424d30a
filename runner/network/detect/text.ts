// A detection as people read it.
import type { Detection } from './facts.ts';

export function detectionText({ cni, policyEngine, evidence, doubts }: Detection): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  return [
    `CNI            ${cni}`,
    `policy engine  ${policyEngine}`,
    ...list(
      'seen',
      evidence.map(({ seen, means }) => `${seen}: ${means}`),
    ),
    ...list('doubts', doubts),
  ].join('\n');
}
