// How a try that failed is kept: remembered, so that it cools; told by an event; and said in the status.
import { tell } from '../operator-world.ts';
import { failure } from '../status.ts';
import type { Context, Outcome } from './context.ts';

export interface Failing {
  /** What was tried: another text is another attempt. */
  readonly what: string;
  /** Of the conditions. */
  readonly reason: string;
  /** Of the event. */
  readonly event: string;
  readonly message: string;
}

/** The same is tried again when it has cooled. */
export async function failing(
  { world, scene, record }: Pick<Context, 'world' | 'scene' | 'record'>,
  { what, reason, event, message }: Failing,
): Promise<Outcome> {
  const said = failure(reason, message);
  world.attempts.failed(scene.key, what, said);
  tell(world, scene, { type: 'Warning', reason: event, message });
  await record(said);
  return { next: 'done', afterMs: world.attempts.remainingMs(scene.key) };
}
