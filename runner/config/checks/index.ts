// All checks that look at more than the shape of one value.
import type { Check } from './check.ts';
import { checkLock } from './lock.ts';
import { checkCast, checkPersonas } from './personas.ts';
import { checkSecretsInFile } from './secrets-in-file.ts';
import { checkExpectedSkips, checkSuites } from './selection.ts';
import { checkStore } from './store.ts';
import { checkTargets } from './targets.ts';

export const checks: readonly Check[] = [
  checkSecretsInFile,
  checkTargets,
  checkPersonas,
  checkCast,
  checkSuites,
  checkExpectedSkips,
  checkLock,
  checkStore,
];
