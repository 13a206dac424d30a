// Who is who in the charter: names of roles come from charter.yaml, never from a campaign.
import type { ConfigData, Part } from 'charter-runner';

type ConfiguredPersona = ConfigData['personas'][number];

/** The role that only the admin may hold; undefined when neither `identity.adminRole` nor the admin's roles say it. */
export function adminRole(config: ConfigData): string | undefined {
  const admin = config.personas.find(({ name }) => name === config.cast.admin);
  return config.identity.adminRole ?? admin?.roles[0];
}

export const noAdminRole = 'identity.adminRole is not configured, and the persona of cast.admin has no role';

/** Whether the persona plays this part. */
export function plays(config: ConfigData, persona: ConfiguredPersona, part: Part): boolean {
  return config.cast[part] === persona.name;
}
