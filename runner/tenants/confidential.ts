// Texts that no log, event or status may hold: what Tenants take from Secrets, and the operator's own values file. They are cut out in one place,
// of everything that is told, before anything is folded or cut short: half a password is still one.
export interface Confidential {
  /** Whether this Tenant's Secrets have been read since the start. */
  readonly knows: (key: string) => boolean;
  /** What was read of them just now. What was in them before stays concealed too: Helm may speak of a revision that was made of it. */
  readonly learn: (key: string, values: readonly unknown[]) => void;
  readonly forget: (key: string) => void;
  readonly conceal: (key: string, message: string) => string;
}

/** Shorter ones are words, and hiding them would hide the message. */
const shortest = 6;
const instead = '***';
/** Texts of earlier contents, for each Tenant. */
const mostBefore = 1_000;

/** `always` is concealed in messages about any Tenant. */
export function confidential(always: unknown): Confidential {
  /** By Tenant, the newest first. */
  const known = new Map<string, readonly string[]>();
  const general = spellings(always);
  return {
    knows: (key) => known.has(key),
    learn: (key, values) => {
      const now = new Set(values.flatMap(spellings));
      const before = (known.get(key) ?? []).filter((text) => !now.has(text));
      known.set(key, [...now, ...before.slice(0, mostBefore)]);
    },
    forget: (key) => void known.delete(key),
    conceal: (key, message) => {
      // The longest first: one may be a part of another.
      const texts = [...general, ...(known.get(key) ?? [])].toSorted((a, b) => b.length - a.length);
      return texts.reduce((text, secret) => text.replaceAll(secret, instead), message);
    },
  };
}

/** All ways in which a value may be written in a message: by line, as a text in quotes, folded, as a Secret's data, as Go prints numbers. */
function spellings(value: unknown): string[] {
  if (typeof value === 'number' || typeof value === 'bigint') return numberSpellings(Number(value));
  if (typeof value === 'string') {
    const lines = value.split('\n').map((line) => line.trim());
    const quoted = lines.map((line) => JSON.stringify(line).slice(1, -1));
    const folded = lines.map((line) => line.replaceAll(/\s+/g, ' '));
    const whole = value.trim().length < shortest ? [] : [Buffer.from(value).toString('base64')];
    return [...lines, ...quoted, ...folded, ...whole].filter((text) => text.length >= shortest);
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(spellings);
}

function numberSpellings(value: number): string[] {
  const plain = String(value);
  if (plain.length < shortest) return [];
  // Values are floats to Helm, which prints the larger ones with an exponent of two digits.
  return [plain, value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')];
}
