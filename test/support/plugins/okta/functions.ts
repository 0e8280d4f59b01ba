import type { Properties } from '../../../../infra/provider/properties.ts'
import type { ProviderFunction } from '../../../../infra/provider/resource-type.ts'
import { type Api, textOf } from './api.ts'

/** `okta_apps` */
export function getApps(api: Api): ProviderFunction {
  return async ({ q }, signal) => {
    const apps = await api.list(`/api/v1/apps?${query({ limit: '200', q })}`, signal)
    if (apps === 'missing') throw new Error('there is no list of apps')
    return {
      apps: apps.map(({ id = '', label = '', name = '', status = '', settings }) => {
        const { notes } = (settings ?? {}) as { notes?: { admin?: string | null } }
        return { id, label, name, status, adminNote: notes?.admin ?? '' }
      }),
    }
  }
}

/** `okta_groups` */
export function getGroups(api: Api): ProviderFunction {
  return async ({ q }, signal) => {
    const groups = await api.list(`/api/v1/groups?${query({ limit: '200', q })}`, signal)
    if (groups === 'missing') throw new Error('there is no list of groups')
    return {
      id: 'groups',
      groups: groups.map(({ id = '', type = '', profile }) => ({ id, type, name: nameOf(profile) })),
    }
  }
}

function query({ limit, q }: { limit: string; q: Properties[string] | undefined }): string {
  return new URLSearchParams(q === undefined || q === null ? { limit } : { limit, q: textOf(q) }).toString()
}

function nameOf(profile: Properties[string] | undefined): string {
  return textOf((profile as Properties)['name'])
}
