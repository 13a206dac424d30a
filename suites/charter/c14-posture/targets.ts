// The targets that charter.yaml expects to be there: posture is about all of them, so one that is absent is left out.
import type { ConfigData, TargetName } from 'charter-runner';

export interface ExpectedTarget {
  readonly name: TargetName;
  readonly url: string;
  readonly host: string;
}

export function expectedTargets({ targets }: ConfigData): ExpectedTarget[] {
  return Object.entries(targets)
    .filter(([, { expected }]) => expected)
    .map(([name, { url }]) => ({ name: name as TargetName, url, host: new URL(url).hostname }));
}

export const noTargets = 'targets: every target is declared absent';
