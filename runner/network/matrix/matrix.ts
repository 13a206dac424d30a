// From a state and what was asked to one of the four forms of its matrix.
import { reachability } from '../model/reachability.ts';
import type { ExternalPeer, PortQuery } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { type GroupedMatrix, type Grouping, groupMatrix } from './groups.ts';
import { matrixHtml } from './html.ts';
import { declaredPorts, portName } from './ports.ts';
import { matrixSvg } from './svg.ts';
import { matrixText } from './text.ts';
import { cellWords } from './words.ts';

export const matrixFormats = ['text', 'html', 'svg', 'json'] as const;
export type MatrixFormat = (typeof matrixFormats)[number];

export interface MatrixRequest {
  /** Empty: those that Pods declare. */
  readonly ports: readonly PortQuery[];
  readonly externals: readonly ExternalPeer[];
  readonly by: Grouping;
  /** Empty: all. */
  readonly namespaces: readonly string[];
}

export interface DrawnMatrix {
  readonly matrix: GroupedMatrix;
  /** What the reader has to know beside the picture: ports left out, policies not judged. */
  readonly remarks: readonly string[];
}

/** Policies of all namespaces count, whichever are shown. Throws CHR_POLICY_INVALID. */
export function matrixOf(state: NetworkState, request: MatrixRequest): DrawnMatrix {
  const shown = request.namespaces;
  const pods = state.pods.filter(({ namespace }) => shown.length === 0 || shown.includes(namespace));
  const { ports, leftOut } =
    request.ports.length > 0 ? { ports: request.ports, leftOut: [] } : declaredPorts(pods);
  const matrix = reachability(state.policies, state.namespaces, pods, ports, request.externals, state.pods);
  const remarks = [
    ...(leftOut.length === 0 ? [] : [`ports left out, ask with --port: ${leftOut.map(portName).join(', ')}`]),
    ...(state.notJudged.length === 0 ? [] : [`not taken into account: ${state.notJudged.join(', ')}`]),
  ];
  return { matrix: groupMatrix(matrix, request.by), remarks };
}

export function drawMatrix({ matrix, remarks }: DrawnMatrix, format: MatrixFormat, source: string): string {
  switch (format) {
    case 'text':
      return matrixText(matrix);
    case 'html':
      return matrixHtml(matrix, source);
    case 'svg':
      return matrixSvg(matrix);
    case 'json':
      return JSON.stringify({ source, remarks, ...asJson(matrix) }, undefined, 2);
  }
}

function asJson({ groups, ports, verdicts }: GroupedMatrix): object {
  const cells = ports.flatMap(({ port, protocol }, index) =>
    (verdicts[index] ?? []).flatMap((row, from) =>
      row.flatMap((cell, to) =>
        cell.verdict === 'none'
          ? []
          : [
              {
                from: groups[from]?.name,
                to: groups[to]?.name,
                port,
                protocol,
                verdict: cell.verdict,
                pairs: cell.cells,
                why: cellWords(cell),
              },
            ],
      ),
    ),
  );
  return { groups, ports, cells };
}
