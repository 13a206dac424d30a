// Campaign NET: the catalogue, step by step, in one world of Pods that lives as long as this file's cases.
import { type CaseContext, campaign, expect } from 'charter-runner';
import { afterAll } from 'vitest';
import { catalogue } from './catalogue/index.ts';
import type { Scene, State, Step } from './catalogue/step.ts';
import { Details } from './details.ts';
import {
  contradictions,
  differences,
  notJudged,
  problemsOf,
  transientsOf,
  unjudgedTargets,
} from './judging.ts';
import { lacks } from './needs.ts';
import { givenSettings, type Latency, type Stage, type Stepped, stageModule } from './settings.ts';
import { shortForm } from './short.ts';
import { standing } from './standing.ts';
import { wish } from './wish.ts';

const settings = givenSettings(process.env);
const module = settings === undefined ? undefined : await stageModule(settings);
const details = new Details(settings?.details);
const noSettings = 'no cluster is named: start this campaign with `charter network run`';

/** The step that the world stands in now, without what had to be taken away to judge it. */
let last: { readonly id: string; readonly verdict: Stepped['verdict'] } | undefined;
/** The step whose Pods are there, where it has others than most have. */
let otherPodsOf: string | undefined;
const byId = new Map(catalogue.map((step) => [step.id, step]));

const stand = standing(
  async (signal) => {
    if (module === undefined) throw new Error(noSettings);
    return module.openStage(wish, signal);
  },
  () => {
    last = undefined;
    otherPodsOf = undefined;
  },
);

async function stage({ skip, signal }: CaseContext): Promise<Stage> {
  return module === undefined ? skip(noSettings) : stand.stage(signal);
}

/** Pods start and get their plan, and the engine shows on every node how it denies: each takes its time on a busy machine. */
const openMs = 480_000;
const stepMs = 120_000;
const closeMs = 140_000;
/** An engine that lets in what it must not, in every second change say, is no flake. */
const retry = 'errors';

afterAll(stand.close, closeMs);

campaign('NET', 'NetworkPolicies are enforced', { order: 'sequential' }, (c) => {
  c.case(
    'world.1',
    'a deny is enforced by every node, in both directions and for each protocol',
    { timeoutMs: openMs, retry, tags: ['short', ...new Set(catalogue.map(({ family }) => family))] },
    async (context) => {
      const { world, properties } = await stage(context);
      for (const [name, value] of Object.entries(properties)) context.property(name, value);
      const { signals, problems, slowestMs, deny } = world.calibration;
      const learned = Object.entries(signals).map(([place, signal]) => `${place}: ${signal}`);
      context.property('network-deny-signals', learned.join(', '));
      context.property('network-enforced-within-ms', String(slowestMs));
      if (deny === 'not-seen') throw new Error(problems.join('; '));
      expect(problems, 'nodes, directions and protocols whose deny could not be seen').toEqual([]);
      expect(deny, 'every node enforces').toBe('enforced');
    },
  );

  for (const step of catalogue) {
    const tags = [step.family, ...(shortForm.has(step.id) ? ['short'] : [])];
    c.case(step.id, step.title, { timeoutMs: openMs + stepMs, retry, tags }, async (context) => {
      const open = await stage(context);
      const missing = step.needs === undefined ? undefined : lacks(step.needs, open.world.pods());
      if (missing !== undefined) context.skip(missing);
      await take(step, open, context);
    });
  }
});

async function take(step: Step, open: Stage, context: CaseContext): Promise<void> {
  const { property, warn, skip, signal } = context;
  const scene: Scene = { ...open.world.names, apiServer: open.apiServer };
  const { settleMs } = settings ?? {};
  const waits = settleMs === undefined ? {} : { settleMs };
  const ground = await groundOf(step, scene, waits, signal);
  last = undefined;
  const state = step.state(scene);
  const result = await stand.step({ name: step.id, ...waits, ...state }, signal);
  const others = [...(state.morePods ?? []), ...(state.withoutPods ?? [])];
  otherPodsOf = others.length > 0 ? step.id : undefined;
  last = result.standIns > 0 ? undefined : { id: step.id, verdict: result.verdict };
  note(step, { ...result, writes: [...ground, ...result.writes] }, context);
  if (result.standIns > 0)
    property(`network-stand-ins ${step.id}`, `${result.standIns}, open before and after`);

  const healed = transientsOf(result.cells);
  if (healed.length > 0) property(`network-transients ${step.id}`, healed.join('; '));
  for (const line of healed.filter((one) => one.startsWith('denied'))) warn(`a leak that healed: ${line}`);

  const contradicting = contradictions(step, result.cells);
  if (contradicting.length > 0)
    throw new Error(
      `the model and the catalogue contradict each other:\n${contradicting.slice(0, 20).join('\n')}`,
    );
  if (result.verdict === 'error') {
    const names = [problemsOf(result.cells), ...result.problems].filter((one) => one !== '');
    throw new Error(`${names.join('; ')}\n${result.text}`);
  }
  const { expected, observed } = differences(result.cells);
  expect(observed, `${problemsOf(result.cells)}\n${result.text}`).toEqual(expected);
  expect(result.verdict, result.text).toBe('pass');
  const [unjudged] = unjudgedTargets(step, result.cells);
  if (unjudged !== undefined)
    skip(
      `no cell to ${unjudged} can be judged: it is traffic with a node or its network, which the specification leaves to the engine`,
    );
}

/** Brings about what a step comes from, where the world does not stand in it. The way from a state that never was proves nothing. */
async function groundOf(
  { follows }: Step,
  scene: Scene,
  waits: { readonly settleMs?: number },
  signal: AbortSignal,
): Promise<Stepped['writes']> {
  const before = byId.get(follows ?? '');
  if (before !== undefined && last?.id === before.id && last.verdict !== 'error') {
    requireSound(before.id, last.verdict);
    return [];
  }
  const writes: Stepped['writes'][number][] = [];
  const bringAbout = async (name: string, state: State) => {
    const ended = await stand.step({ name, purpose: 'ground', ...waits, ...state }, signal);
    requireSound(name, ended.verdict);
    writes.push(...ended.writes);
  };
  // A Pod that is new has to talk once before it can be denied everything.
  if (otherPodsOf !== undefined && otherPodsOf !== before?.id)
    await bringAbout('all Pods, no policies', { policies: [], podLabels: {}, namespaceLabels: {} });
  otherPodsOf = undefined;
  if (before !== undefined) await bringAbout(before.id, before.state(scene));
  return writes;
}

function requireSound(before: string, verdict: Stepped['verdict']): void {
  if (verdict !== 'pass')
    throw new Error(
      `the step before, ${before}, is itself ${verdict}: nothing can be said of the way from it`,
    );
}

/** What is in no verdict. Of the run as a whole it is written with every step: who knows which is the last one. */
function note(step: Step, result: Stepped, { property, warn }: CaseContext): void {
  try {
    details.add(step.id, result);
  } catch (error) {
    warn(`the details of this step could not be written: ${error}`);
  }
  if (result.latency !== undefined) property(`network-latency-ms ${step.id}`, latencyText(result.latency));
  const all = module?.latencyOf(details.milliseconds);
  if (all !== undefined) property('network-latency-ms run', latencyText(all));
  const open = notJudged(result.cells);
  if (open !== undefined) property(`network-not-judged ${step.id}`, open);
}

function latencyText({ p50, p95, max, cells }: Latency): string {
  return `p50 ${p50}, p95 ${p95}, max ${max} (${cells} pairs)`;
}
