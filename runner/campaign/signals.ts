// How a case says "not checked, and why": thrown inside the case, never an error.

export class SkipSignal extends Error {
  override readonly name = 'SkipSignal';
  readonly planned: 'planned' | 'unplanned';

  constructor(reason: string, planned: 'planned' | 'unplanned' = 'unplanned') {
    super(reason);
    this.planned = planned;
  }
}

/** A promise known to be broken by configuration: counted as skipped, with the reason `xfail: …`. */
export class ExpectedFailureSignal extends SkipSignal {
  constructor(reason: string) {
    super(`xfail: ${reason}`, 'planned');
  }
}

/** The case did not end in its time. */
export class CaseTimeout extends Error {
  override readonly name = 'CaseTimeout';
  readonly waitedMs: number;

  constructor(waitedMs: number) {
    super(`the case did not end within ${waitedMs} ms`);
    this.waitedMs = waitedMs;
  }
}
