// Named steps on a screen: one spinning line on a terminal, plain lines elsewhere, and where the time went.

export interface Screen {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

export interface StepClock {
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Calls once, and gives what prevents it. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

export interface Steps {
  /** Steps may run side by side; the one that is shown is the oldest. */
  readonly action: <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;
  /** A line of its own, for what a person should know and no step tells. */
  readonly remark: (text: string) => void;
  /** Where the time went, longest first, as lines. */
  readonly timeSummary: () => readonly string[];
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const clearLine = '\r\x1b[K';

export function steps(screen: Screen, clock: StepClock): Steps {
  const timings: { readonly name: string; readonly ms: number }[] = [];
  const running = new Map<symbol, { readonly name: string; readonly start: number }>();
  const isTerminal = screen.isTTY === true;
  let stop: (() => void) | undefined;

  const remark = (text: string): void => {
    screen.write(`${isTerminal ? clearLine : ''}${text}\n`);
  };

  const spin = (): void => {
    stop = clock.after(frameMs, () => {
      const [oldest] = running.values();
      if (oldest === undefined) return;
      const ms = clock.now() - oldest.start;
      const more = running.size > 1 ? ` and ${running.size - 1} more` : '';
      const frame = frames[Math.floor(ms / frameMs) % frames.length];
      screen.write(`${clearLine} ${frame} ${oldest.name}${more}  ${seconds(ms)}`);
      spin();
    });
  };

  const finish = (step: symbol, mark: string): void => {
    const { name, start } = running.get(step) ?? { name: '', start: 0 };
    running.delete(step);
    const ms = clock.now() - start;
    timings.push({ name, ms });
    remark(` ${mark} ${name}  ${seconds(ms)}`);
    if (running.size > 0) return;
    stop?.();
    stop = undefined;
  };

  const action: Steps['action'] = async (name, run) => {
    const step = Symbol(name);
    running.set(step, { name, start: clock.now() });
    if (isTerminal && stop === undefined) spin();
    try {
      const result = await run();
      finish(step, '✓');
      return result;
    } catch (error) {
      finish(step, '✗');
      throw error;
    }
  };

  const timeSummary = (): readonly string[] =>
    timings
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 8)
      .map(({ name, ms }) => `${seconds(ms).padStart(9)}  ${name}`);

  return { action, remark, timeSummary };
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 100_000 ? 1 : 0)} s`;
}
