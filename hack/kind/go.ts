// Whether this host needs a Go that it does not have: only where something is neither installed nor built before.
import type { ToolName } from './binaries.ts';
import { isAtHand, pinned } from './binaries.ts';
import type { CommandEnd } from './command.ts';
import type { Finding } from './finding.ts';
import { nodeModules } from './node-image/inputs.ts';
import { goOf } from './tools.ts';

export const askGo = ['go', 'env', 'GOVERSION', 'GOTOOLCHAIN'];

export interface GoNeed {
  readonly what: string;
  /** The version that builds it. */
  readonly go: string;
  /** Asked only where this host could not build it. */
  readonly isAtHand: () => Promise<boolean>;
}

export interface GoNeedsOf {
  readonly tools: readonly ToolName[];
  readonly mustBuildNodeImage: () => Promise<boolean>;
  readonly timeoutMs: number;
}

export function goNeeds({ tools, mustBuildNodeImage, timeoutMs }: GoNeedsOf): readonly GoNeed[] {
  return [
    ...tools.map((name) => ({
      what: `${name} ${pinned[name].version}`,
      go: goOf(pinned[name].module),
      isAtHand: () => isAtHand(name, timeoutMs),
    })),
    {
      what: 'the node image',
      go: newest(nodeModules.map(goOf)),
      isAtHand: async () => !(await mustBuildNodeImage()),
    },
  ];
}

/** `answer`: of `askGo`. */
export async function goFinding({ code, stdout }: CommandEnd, needs: readonly GoNeed[]): Promise<Finding> {
  const name = 'Go';
  const [version = '', toolchain = ''] = code === 0 ? stdout.split('\n') : [];
  const seen = /go\d+\.\d+\S*/.exec(version)?.[0] ?? 'none';
  const tooNew = needs.filter(({ go }) => !canBuild(seen, toolchain, go));
  if (tooNew.length === 0) return { name, level: 'ok', seen };
  const atHand = await Promise.all(tooNew.map((need) => need.isAtHand()));
  const missing = tooNew.filter((_, index) => !atHand[index]);
  const wanted = missing.length === 0 ? tooNew : missing;
  const things = wanted.map(({ what }) => what).join(', ');
  const install = `install Go ${newest(wanted.map(({ go }) => go))} or newer`;
  return missing.length === 0
    ? {
        name,
        level: 'warning',
        seen,
        fix: `${install} before something new must be built; at hand are ${things}`,
      }
    : {
        name,
        level: 'problem',
        seen: `${seen}, and not at hand: ${things}`,
        fix: `${install}: it builds what is missing`,
      };
}

/** From 1.21 on Go fetches a newer one itself, where GOTOOLCHAIN lets it. */
function canBuild(seen: string, toolchain: string, wanted: string): boolean {
  if (seen === 'none') return false;
  const version = seen.slice('go'.length);
  return !isOlder(version, wanted) || (/auto$/.test(toolchain.trim()) && !isOlder(version, '1.21'));
}

const isOlder = (one: string, other: string): boolean =>
  one.localeCompare(other, 'en', { numeric: true }) < 0;

const newest = (versions: readonly string[]): string =>
  versions.reduce((one, other) => (isOlder(one, other) ? other : one), '0');
