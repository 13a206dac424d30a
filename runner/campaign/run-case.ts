// Runs the body of one case: requirements first, identity of its targets, then the body under its time, then the verdict.
import type { TestContext } from 'vitest';
import type { CaseBody } from './declare.ts';
import type { DeclaredCase } from './case.ts';
import { caseContext } from './context.ts';
import { exchangesOf } from './exchanges.ts';
import { outcomeOf } from './outcome.ts';
import { unmetRequirement } from './requirements.ts';
import { type CampaignRuntime, results } from './runtime.ts';
import { CaseTimeout, SkipSignal } from './signals.ts';

export async function runCase(declared: DeclaredCase, body: CaseBody, runtime: CampaignRuntime, test: TestContext): Promise<void> {
  const warnings: string[] = [];
  const lastExchange = exchangesOf();
  try {
    const unmet = unmetRequirement(declared, runtime.config);
    if (unmet !== undefined) throw unmet;
    await lastExchange.during(async () => {
      await withTimeout(declared.timeoutMs, async (signal) => {
        await runtime.clients.identify(declared.targets);
        await body(caseContext(declared, runtime, { signal, warn: (text) => warnings.push(text) }));
      });
    });
    results.set(test.task, { outcome: { verdict: 'passed' }, warnings });
  } catch (thrown) {
    const outcome = announced(declared, runtime, outcomeOf(thrown, lastExchange.last()));
    results.set(test.task, { outcome, warnings });
    if (thrown instanceof SkipSignal) test.skip(thrown.message);
    throw thrown;
  }
}

/** A skip that `expectedSkips` announces, for this case or key and with this reason, is planned. */
function announced<T extends ReturnType<typeof outcomeOf>>(declared: DeclaredCase, runtime: CampaignRuntime, outcome: T): T {
  if (outcome.verdict !== 'skipped' || outcome.planned === true) return outcome;
  const match = runtime.config.data.expectedSkips.some(
    (skip) =>
      (skip.case === declared.id || skip.case === declared.key) &&
      (outcome.reason ?? '').toLowerCase().includes(skip.reason.toLowerCase()),
  );
  return match ? { ...outcome, planned: true } : outcome;
}

async function withTimeout(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const timeout = new CaseTimeout(ms);
      abort.abort(timeout);
      reject(timeout);
    }, ms);
  });
  try {
    await Promise.race([work(abort.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
