// What follows a run on this command line: the JUnit file that is true at every instant, CTRF at the end, and the terminal.
import type { RunSink } from '../execution/index.ts';
import {
  caseLine,
  clearProgress,
  ctrfPath,
  LiveReport,
  progressLine,
  type Style,
  writeCtrf,
} from '../report/index.ts';

/** Events that arrive together are one change: the file is replaced once for them, before anything else is read. */
export function junitSink(path: string): RunSink {
  const live = new LiveReport(path);
  let due: NodeJS.Immediate | undefined;
  return {
    onEvent: (_event, state) => {
      due ??= setImmediate(() => {
        due = undefined;
        live.update(state);
      });
    },
    finish: (state) => {
      clearImmediate(due);
      const problem = live.finish(state);
      if (problem !== undefined) throw problem;
    },
  };
}

export function ctrfSink(junitPath: string): RunSink {
  return { onEvent: () => {}, finish: (state) => writeCtrf(ctrfPath(junitPath), state) };
}

export interface Terminal {
  readonly style: Style;
  readonly write: (text: string) => void;
}

const redrawMs = 100;

/** On a terminal one line that rewrites itself; elsewhere one line per case. None of them goes on a line that a campaign left open. */
export function terminalSink({
  style,
  write,
}: Terminal): RunSink & { readonly aside: (text: string) => void } {
  const live = style.progress === 'rewrite';
  let shown = false;
  let drawnAt = 0;
  let isOpen = false;
  const clear = () => {
    if (shown) write(clearProgress);
    shown = false;
  };
  const endLine = () => {
    if (isOpen) write('\n');
    isOpen = false;
  };
  return {
    onEvent: (event, state) => {
      if (event.event === 'case-ended') {
        const item = state.cases.get(event.key);
        const quiet = live && (event.outcome.verdict === 'passed' || event.outcome.verdict === 'skipped');
        if (item !== undefined && !quiet) {
          clear();
          endLine();
          write(`${caseLine(style, item).join('\n')}\n`);
        }
      }
      const now = performance.now();
      if (
        live &&
        state.planKnown &&
        event.event.startsWith('case-') &&
        (!shown || now - drawnAt >= redrawMs)
      ) {
        endLine();
        write(progressLine(style, state));
        shown = true;
        drawnAt = now;
      }
    },
    finish: () => {
      clear();
      endLine();
    },
    aside: (text) => {
      clear();
      write(text);
      if (text !== '') isOpen = !text.endsWith('\n');
    },
  };
}
