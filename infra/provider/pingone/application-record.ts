import * as z from 'zod'

import type { Properties } from '../properties.ts'
import { alignTo } from '../property-diff.ts'
import type { ApplicationInputs, ApplicationSettings } from './schema.ts'

/**
 * An application as the API gives it; what is not named here is kept as it is when the application is changed.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
 */
export const applicationRecordSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().optional(),
  type: z.string(),
  protocol: z.string(),
  enabled: z.boolean(),
  grantTypes: z.array(z.string()).default([]),
  redirectUris: z.array(z.string()).default([]),
  postLogoutRedirectUris: z.array(z.string()).default([]),
  tokenEndpointAuthMethod: z.string().default(''),
  pkceEnforcement: z.string().optional(),
  homePageUrl: z.string().optional(),
  accessControl: z
    .looseObject({
      group: z.object({ type: z.string(), groups: z.array(z.object({ id: z.string() })) }).optional(),
    })
    .optional(),
})

export type ApplicationRecord = z.infer<typeof applicationRecordSchema>

/** The inputs in which order means nothing. */
export const unorderedInputs = [
  'grantTypes',
  'redirectUris',
  'postLogoutRedirectUris',
  'accessGroups',
  'scopes',
  'roles',
] as const

/** Members of a record that an update must not repeat. */
const readOnly = ['_links', '_embedded', 'id', 'clientId', 'environment', 'createdAt', 'updatedAt']

/** Members that follow from our inputs. */
const ours = [
  'name',
  'type',
  'protocol',
  'enabled',
  'grantTypes',
  'responseTypes',
  'redirectUris',
  'postLogoutRedirectUris',
  'tokenEndpointAuthMethod',
  'pkceEnforcement',
  'homePageUrl',
  'accessControl',
]

/** The body that makes an application. */
export function toCreateBody(inputs: ApplicationInputs): Properties {
  // By default a worker inherits every role of the worker that makes it.
  return { ...toMembers(inputs), ...(inputs.type === 'WORKER' ? { assignActorRoles: false } : {}) }
}

/**
 * The body that changes an application. It replaces the whole record, so everything that is not ours to decide is repeated.
 * @param current the application as it stands
 */
export function toUpdateBody(inputs: ApplicationInputs, current: ApplicationRecord): Properties {
  const kept = Object.entries(current).filter(([name]) => !readOnly.includes(name) && !ours.includes(name))
  const { group: _replaced, ...otherControl } = current.accessControl ?? {}
  const members = toMembers(inputs)
  const accessControl = { ...otherControl, ...(members['accessControl'] as Properties | undefined) }
  return {
    ...(Object.fromEntries(kept) as Properties),
    ...members,
    ...(Object.keys(accessControl).length > 0 ? { accessControl: accessControl as Properties } : {}),
  }
}

function toMembers(inputs: ApplicationInputs): Properties {
  const lists = { redirectUris: inputs.redirectUris, postLogoutRedirectUris: inputs.postLogoutRedirectUris }
  const groups = inputs.accessGroups.map((id) => ({ id }))
  return {
    name: inputs.name,
    ...(inputs.description === undefined ? {} : { description: inputs.description }),
    type: inputs.type,
    protocol: 'OPENID_CONNECT',
    enabled: inputs.enabled,
    grantTypes: inputs.grantTypes,
    ...(inputs.grantTypes.includes('AUTHORIZATION_CODE') ? { responseTypes: ['CODE'] } : {}),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    tokenEndpointAuthMethod: inputs.tokenEndpointAuthMethod,
    ...(inputs.pkceEnforcement === undefined ? {} : { pkceEnforcement: inputs.pkceEnforcement }),
    ...(inputs.homePageUrl === undefined ? {} : { homePageUrl: inputs.homePageUrl }),
    ...(groups.length > 0 ? { accessControl: { group: { type: inputs.accessGroupType, groups } } } : {}),
  }
}

/** What the record says of our inputs; the parts that have addresses of their own are not in it. */
export function toSettings(record: ApplicationRecord): ApplicationSettings {
  const { name, type, enabled, grantTypes, redirectUris, postLogoutRedirectUris, tokenEndpointAuthMethod } = record
  const { description, pkceEnforcement, homePageUrl } = record
  const group = record.accessControl?.group
  return {
    name,
    ...(description === undefined ? {} : { description }),
    type,
    enabled,
    grantTypes,
    redirectUris,
    postLogoutRedirectUris,
    tokenEndpointAuthMethod,
    ...(pkceEnforcement === undefined ? {} : { pkceEnforcement }),
    ...(homePageUrl === undefined ? {} : { homePageUrl }),
    accessGroups: group?.groups.map(({ id }) => id) ?? [],
    // Without groups it means nothing.
    accessGroupType: group === undefined || group.groups.length === 0 ? 'ANY_GROUP' : group.type,
  }
}

/**
 * The settings as found, said in the words of the ones that were recorded where they mean the same: only what is different
 * then differs.
 */
export function alignSettings(found: ApplicationSettings, recorded: ApplicationSettings): ApplicationSettings {
  const lists = unorderedInputs.flatMap((name) => {
    const [now, before] = [found[name], recorded[name]]
    return now === undefined || before === undefined ? [] : [[name, alignTo(before, now)] as const]
  })
  // What the vendor has by itself, and nobody asked for, is no drift.
  const { description, pkceEnforcement, attributes = {}, ...rest } = { ...found, ...Object.fromEntries(lists) }
  const { sub, ...otherClaims } = attributes
  const claims = sub === undefined || recorded.attributes?.['sub'] === undefined ? otherClaims : { sub, ...otherClaims }
  return {
    ...rest,
    ...(description === undefined || recorded.description === undefined ? {} : { description }),
    ...(pkceEnforcement === undefined || recorded.pkceEnforcement === undefined ? {} : { pkceEnforcement }),
    ...(found.attributes === undefined ? {} : { attributes: claims }),
  }
}
