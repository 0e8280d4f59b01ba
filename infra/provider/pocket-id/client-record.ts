import type { Properties } from '../properties.ts'
import { alignTo, sameMembers } from '../property-diff.ts'
import type { DescribedClient } from './api.ts'
import type { ClientSettings } from './schema.ts'

/** The inputs in which order means nothing. */
export const unorderedInputs = ['callbackUrls', 'logoutCallbackUrls', 'allowedUserGroupIds'] as const

/** What Pocket ID tells of a client, and does not take. */
const readOnly = ['id', 'allowedUserGroups', 'hasLogo', 'hasDarkLogo', 'clientType', 'pkceSupported']

/**
 * The body of a create or an update. An update replaces the whole client, so that everything is repeated which is not
 * ours to decide.
 * @param current the client as it stands, where there is one
 */
export function toBody(settings: ClientSettings, current?: DescribedClient): Properties {
  const kept = Object.entries(current ?? {}).filter(([name]) => !readOnly.includes(name))
  const { secrets: _, ...credentials } = current?.credentials ?? {}
  return {
    ...(Object.fromEntries(kept) as Properties),
    credentials: credentials as Properties,
    name: settings.name,
    callbackURLs: settings.callbackUrls,
    logoutCallbackURLs: settings.logoutCallbackUrls,
    launchURL: settings.launchUrl ?? null,
    isPublic: settings.isPublic,
    pkceEnabled: settings.pkceEnabled,
    // From this moment on nobody may sign in until the groups are there.
    isGroupRestricted: settings.allowedUserGroupIds !== undefined,
  }
}

/** What a program would have to say to get this client. */
export function toSettings(client: DescribedClient): ClientSettings {
  return {
    name: client.name,
    callbackUrls: client.callbackURLs,
    logoutCallbackUrls: client.logoutCallbackURLs,
    ...(client.launchURL ? { launchUrl: client.launchURL } : {}),
    isPublic: client.isPublic,
    pkceEnabled: client.pkceEnabled,
    ...(client.isGroupRestricted ? { allowedUserGroupIds: client.allowedUserGroups.map(({ id }) => id) } : {}),
  }
}

/**
 * Puts lists into the order that they had, so that a diff names only what is different.
 * @param before the settings as recorded; none where nothing was
 */
export function inKnownOrder(found: ClientSettings, before: Partial<ClientSettings>): ClientSettings {
  const ordered = unorderedInputs.flatMap((name) => {
    const [now, known] = [found[name], before[name]]
    return now === undefined || known === undefined ? [] : [[name, alignTo(known, now)] as const]
  })
  return { ...found, ...Object.fromEntries(ordered) }
}

/**
 * Names what Pocket ID made of our wish otherwise.
 * @returns names of inputs; none when all is as asked for
 */
export function findAlterations(wanted: ClientSettings, found: ClientSettings): string[] {
  const names = Object.keys({ ...wanted, ...found }) as (keyof ClientSettings)[]
  return names.filter((name) => {
    const [asked, told] = [wanted[name], found[name]]
    if (Array.isArray(asked) || Array.isArray(told)) return !sameMembers(asked ?? null, told ?? null)
    return composed(asked) !== composed(told)
  })
}

/** Pocket ID stores names in this form. */
function composed(value: string | boolean | undefined): unknown {
  return typeof value === 'string' ? value.normalize('NFC') : value
}
