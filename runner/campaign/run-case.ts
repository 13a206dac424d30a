// Runs the body of one case: requirements first, identity of its targets, then the body under its time, then the verdict.
import type { TestContext } from 'vitest';
import type { DeclaredCase } from './case.ts';
import { caseContext } from './context.ts';
import type { CaseBody } from './declare.ts';
import { exchangesOf } from './exchanges.ts';
import { outcomeOf } from './outcome.ts';
import { unmetRequirement } from './requirements.ts';
import { type CampaignRuntime, type CaseResult, results } from './runtime.ts';
import { CaseTimeout, SkipSignal } from './signals.ts';

/** The case as a vitest test: its verdict is noted for the worker, and thrown as vitest expects it. */
export async function runCase(
  declared: DeclaredCase,
  body: CaseBody,
  runtime: CampaignRuntime,
  test: TestContext,
): Promise<void> {
  const { thrown, ...result } = await judgeCase(declared, body, runtime);
  results.set(test.task, result);
  if (thrown instanceof SkipSignal) test.skip(thrown.message);
  if (result.outcome.verdict !== 'passed') throw thrown;
}

/** Checks the case and judges it, whoever asks. Never rejects. */
export async function judgeCase(
  declared: DeclaredCase,
  body: CaseBody,
  runtime: CampaignRuntime,
): Promise<CaseResult & { readonly thrown?: unknown }> {
  const warnings: string[] = [];
  const lastExchange = exchangesOf(declared.key);
  try {
    const unmet = unmetRequirement(declared, runtime.config);
    if (unmet !== undefined) throw unmet;
    await lastExchange.during(() =>
      withTimeout(declared.timeoutMs, async (signal) => {
        await runtime.clients.identify(declared.targets);
        await body(caseContext(declared, runtime, { signal, warn: (text) => warnings.push(text) }));
      }),
    );
    return { outcome: { verdict: 'passed' }, warnings };
  } catch (thrown) {
    return {
      outcome: announced(declared, runtime, outcomeOf(thrown, lastExchange.last())),
      warnings,
      thrown,
    };
  }
}

/** A skip that `expectedSkips` announces, for this case or key and with words of this reason, is planned. */
function announced<T extends ReturnType<typeof outcomeOf>>(
  declared: DeclaredCase,
  runtime: CampaignRuntime,
  outcome: T,
): T {
  if (outcome.verdict !== 'skipped' || outcome.planned === true) return outcome;
  const reason = outcome.reason ?? '';
  const expected = runtime.config.data.expectedSkips
    .filter((skip) => skip.case === declared.id || skip.case === declared.key)
    .map((skip) => skip.reason);
  if (expected.length === 0) return outcome;
  if (expected.some((words) => reason.toLowerCase().includes(words.toLowerCase())))
    return { ...outcome, planned: true };
  return { ...outcome, reason: `${reason} (expectedSkips names another reason: ${expected.join('; ')})` };
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
