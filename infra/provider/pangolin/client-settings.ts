import type { Properties } from '../properties.ts'
import { type ClientSettings, clientSettingsSchema } from './schema.ts'

/** The members that make up a client, without those that are not set. */
export function settingsOf(source: unknown): ClientSettings {
  const settings = clientSettingsSchema.parse(source)
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as ClientSettings
}

/** The body of a change. What is left out of one stays as it is, and a path is taken away by an empty text. */
export function toBody(settings: ClientSettings): Properties {
  return { ...settings, emailPath: settings.emailPath ?? '', namePath: settings.namePath ?? '' }
}

/**
 * Compares member by member.
 * @returns names of members that are not the same in both
 */
export function differences<Members extends Readonly<Record<string, string | undefined>>>(
  wanted: Members,
  found: Members,
): (keyof Members & string)[] {
  return Object.keys({ ...wanted, ...found }).filter((name) => wanted[name] !== found[name])
}
