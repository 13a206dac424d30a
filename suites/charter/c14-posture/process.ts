// What the kernel says about the process that runs the checks. Pure: the text of two files of /proc/self in, facts out.

export interface ProcessFacts {
  readonly effectiveUid: number;
  /** Hexadecimal bit mask; all zeros is none. */
  readonly effectiveCapabilities: string;
  readonly noNewPrivileges: boolean;
  readonly rootIs: 'read-only' | 'writable';
}

/** Throws where a line is missing: what cannot be read must not count as sound. */
export function processFacts(status: string, mountinfo: string): ProcessFacts {
  const uids = field(status, 'Uid').split(/\s+/);
  return {
    effectiveUid: Number(uids[1]),
    effectiveCapabilities: field(status, 'CapEff'),
    noNewPrivileges: field(status, 'NoNewPrivs') === '1',
    rootIs: rootOptions(mountinfo).includes('ro') ? 'read-only' : 'writable',
  };
}

function field(status: string, name: string): string {
  const value = new RegExp(`^${name}:\\s*(\\S.*)$`, 'm').exec(status)?.[1];
  if (value === undefined) throw new Error(`/proc/self/status has no line ${name}`);
  return value.trim();
}

/** Options of the mount at `/`; of several on top of each other the last one counts. */
function rootOptions(mountinfo: string): string[] {
  const options = mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .findLast((words) => words[4] === '/')?.[5];
  if (options === undefined) throw new Error('/proc/self/mountinfo has no mount at /');
  return options.split(',');
}
