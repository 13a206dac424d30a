// Proves that a campaign file leaves no state behind for the next one: files share a process, so what one changes all would see.

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor>;

export interface Snapshot {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly watched: readonly Properties[];
}

interface Watched {
  readonly name: string;
  readonly object: object;
  readonly keysOf: (object: object) => readonly PropertyKey[];
}

/** The globals first, and of them only names: libraries keep what is theirs under symbols, when they need it first. */
const watched: readonly Watched[] = [
  { name: 'global ', object: globalThis, keysOf: Object.getOwnPropertyNames },
  ...Object.entries({
    Date,
    'Date.prototype': Date.prototype,
    'Object.prototype': Object.prototype,
    'Array.prototype': Array.prototype,
    'String.prototype': String.prototype,
    'Promise.prototype': Promise.prototype,
    'Map.prototype': Map.prototype,
  }).map(([name, object]) => ({ name: `${name}.`, object, keysOf: Reflect.ownKeys })),
];

// Campaigns may put other things in their place.
const { defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;

export function snapshot(): Snapshot {
  return { env: { ...process.env }, cwd: workingDirectory(), watched: watched.map(propertiesOf) };
}

/** One that was removed has no name. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

function propertiesOf({ object, keysOf }: Watched): Properties {
  const found = new Map<PropertyKey, PropertyDescriptor>();
  for (const key of keysOf(object)) {
    const property = getOwnPropertyDescriptor(object, key);
    if (property !== undefined) found.set(key, property);
  }
  return found;
}

/** What differs, one phrase each. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const found: string[] = [];
  for (const name of namesOf(before.env, after.env)) {
    if (before.env[name] !== after.env[name]) found.push(`environment variable ${name} changed`);
  }
  if (before.cwd !== after.cwd) found.push('the working directory changed');
  for (const { index, key, what } of changesOf(before, after))
    found.push(`${watched[index]?.name}${String(key)} ${what}`);
  return found;
}

function namesOf(before: object, after: object): Set<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)]);
}

interface Change {
  /** In the list of what is watched. */
  readonly index: number;
  readonly key: PropertyKey;
  readonly what: 'appeared' | 'vanished' | 'changed';
}

function changesOf(before: Snapshot, after: Snapshot): Change[] {
  return watched.flatMap((_, index) => {
    const old = before.watched[index] ?? new Map<PropertyKey, PropertyDescriptor>();
    const now = after.watched[index] ?? new Map<PropertyKey, PropertyDescriptor>();
    const changes: Change[] = [];
    for (const [key, property] of now) {
      const known = old.get(key);
      if (known === undefined) changes.push({ index, key, what: 'appeared' });
      else if (!isSame(known, property)) changes.push({ index, key, what: 'changed' });
    }
    for (const key of old.keys()) if (!now.has(key)) changes.push({ index, key, what: 'vanished' });
    return changes;
  });
}

/** Node makes many globals when they are first asked for: until then a getter stands in their place, which knows them ever after. */
function isSame(before: PropertyDescriptor, after: PropertyDescriptor): boolean {
  if (before.get !== undefined && 'value' in after) return madeBy(before.get) === after.value;
  return Object.is(before.value, after.value) && before.get === after.get && before.set === after.set;
}

const nothing = Symbol('nothing');

function madeBy(getter: () => unknown): unknown {
  try {
    return getter.call(globalThis);
  } catch {
    return nothing;
  }
}

function restore(before: Snapshot, after: Snapshot): void {
  for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
  for (const [name, value] of Object.entries(before.env)) if (value !== undefined) process.env[name] = value;
  if (after.cwd !== before.cwd && before.cwd !== '') process.chdir(before.cwd);
  for (const { index, key } of changesOf(before, after)) {
    const object = watched[index]?.object ?? {};
    const known = before.watched[index]?.get(key);
    if (known === undefined) deleteProperty(object, key);
    else defineProperty(object, key, known);
  }
}

/** What has changed since then, put back as far as that is possible. Globals that appeared while a file was imported are libraries' own. */
export function leakSince(before: Snapshot, during: 'an import' | 'a run' = 'a run'): readonly string[] {
  const after = during === 'an import' ? withoutNewGlobals(before, snapshot()) : snapshot();
  const found = differences(before, after);
  if (found.length > 0) restore(before, after);
  return found;
}

function withoutNewGlobals(before: Snapshot, after: Snapshot): Snapshot {
  const [known = new Map<PropertyKey, PropertyDescriptor>()] = before.watched;
  const [globals = [], ...prototypes] = after.watched;
  return { ...after, watched: [new Map([...globals].filter(([key]) => known.has(key))), ...prototypes] };
}
