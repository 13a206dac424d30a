// Layers of the platform and who sees them, as charter.yaml says.
import type { ConfigData, Persona } from 'charter-runner';

export type Layer = ConfigData['routes']['cockpitBackend']['layers'][number];

export function sees({ roles }: Pick<Persona, 'roles'>, layer: Layer): boolean {
  return layer.roles.some((role) => roles.includes(role));
}

/** Layers that one of the two sees and the other does not. */
export function layersBetween({ routes }: ConfigData, without: Persona, having: Persona): Layer[] {
  return routes.cockpitBackend.layers.filter((layer) => sees(having, layer) && !sees(without, layer));
}

/** A layer that the persona does not see. */
export function closedLayer({ routes }: ConfigData, persona: Persona): Layer | undefined {
  return routes.cockpitBackend.layers.find((layer) => !sees(persona, layer));
}
