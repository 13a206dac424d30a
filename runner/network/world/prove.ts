// What a world has to show before its first step: everybody reaches everybody, every node denies, and everybody reaches everybody again.
// A pair that is dead without any policy would pass all its denies by absence.
import { CharterError } from '../../errors/index.ts';
import { calibrationOf, denyAll, type Lesson, lessonsOf } from './calibrate.ts';
import type { Probers } from './probers.ts';
import type { Stepper } from './stepper.ts';
import type { Calibration } from './world.ts';

/** The stepper has learned it. Throws CHR_WORLD when somebody does not reach somebody without policies. */
export async function prove(
  stepper: Stepper,
  { suffix, probers }: { readonly suffix: string; readonly probers: Pick<Probers, 'pods'> },
): Promise<Calibration> {
  await requireOpen(stepper, 'before any policy');
  const lessons: Lesson[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    const look = () => stepper.lesson(`calibration ${direction}`, denyAll(suffix, direction));
    lessons.push(...(await lessonsOf(direction, probers.pods, look)));
  }
  const calibration = calibrationOf(lessons, probers.pods, stepper.slowestMs);
  stepper.learn(calibration.signals);
  await requireOpen(stepper, 'after the policies of the calibration');
  return { ...calibration, slowestMs: stepper.slowestMs };
}

async function requireOpen(stepper: Stepper, when: string): Promise<void> {
  const { verdict, text } = await stepper.step({ name: `open ${when}`, policies: [] });
  if (verdict === 'pass') return;
  throw new CharterError('CHR_WORLD', `not everybody reaches everybody ${when}:\n${text}`, {
    hint: 'No deny could be believed there. Is there a policy of the whole cluster, or a route that is lost? --settle-ms waits longer.',
  });
}
