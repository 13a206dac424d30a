// How the run lock is told to whoever reads a log or `kubectl describe lease`.
import type { Lease } from '../apiserver/index.ts';
import { CharterError } from '../errors/index.ts';

/** Annotation of the Lease: the holder in words, because its identity is a UID. */
export const holderNote = 'charter-runner/held-by';

/** Undefined when nobody holds it. */
export function heldBy({ metadata, spec }: Lease): string | undefined {
  const holder = spec?.holderIdentity ?? '';
  if (holder === '') return undefined;
  const note = metadata.annotations?.[holderNote];
  // Who took the Lease by other means did not write the note.
  return note?.endsWith(` (${holder})`) === true ? note : holder;
}

export function holderWords(describe: string, me: string): string {
  return `${describe} (${me})`;
}

interface Asked {
  readonly lease: string;
}

export function lockedError({ lease: name }: Asked, lease: Lease, now: number): CharterError {
  const { acquireTime, renewTime, leaseDurationSeconds = 0 } = lease.spec ?? {};
  const agoMs = now - Date.parse(renewTime ?? '');
  const parts = [`the run lock (Lease ${name}) is held by ${heldBy(lease) ?? 'another run'}`];
  if (acquireTime !== undefined) parts.push(`since ${acquireTime.replace(/\.\d+Z$/, 'Z')}`);
  if (Number.isFinite(agoMs)) {
    const freeInS = Math.max(0, Math.ceil(leaseDurationSeconds - agoMs / 1_000));
    parts.push(
      `last renewed ${Math.max(0, Math.round(agoMs / 1_000))} s ago; if that run is dead, the lock is free in ${freeInS} s`,
    );
  }
  return new CharterError('CHR_RUN_LOCKED', parts.join(', '), {
    hint: 'Wait for that run to end, or let this one wait: execution.lock.waitMs.',
  });
}
