// The terminal report: pure functions from the state of a run to lines.
export { closingLines } from './closing.ts';
export { caseLine, clearProgress, progressLine } from './progress.ts';
export { neutral, neutralLine, plainStyle, type Style, styleFor, type TerminalFacts } from './style.ts';
