// The world that a harness has named, made once per process. Its module comes with the campaign file: packages that it brings leave
// globals, which a case must not seem to leave. Not in world.ts, which that module itself imports.
import { type World, worldVariable } from './world.ts';

const module = process.env[worldVariable];
const harness =
  module === undefined ? undefined : ((await import(module)) as { readonly world: () => Promise<World> });

let opened: Promise<World> | undefined;

/** Undefined where no harness has named one. */
export function openWorld(): Promise<World> | undefined {
  opened ??= harness?.world();
  return opened;
}
