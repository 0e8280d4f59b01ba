import type { Answered, Asked } from '../server.ts'
import { badRequest, notFound, page } from './odata.ts'

/** `…/owners`, of an application or a service principal. */
export function ownerRoutes(owned: { owners: string[] }, asked: Asked, path: readonly string[]): Answered {
  const [owner] = path
  if (asked.method === 'GET')
    return page(
      asked,
      owned.owners.map((id) => ({ id })),
    )
  if (asked.method === 'POST' && owner === '$ref') {
    const added = objectIdIn((JSON.parse(asked.body) as Record<string, unknown>)['@odata.id'])
    if (added === undefined) return badRequest('Invalid URL in @odata.id.')
    if (owned.owners.includes(added)) {
      return badRequest(
        "One or more added object references already exist for the following modified properties: 'owners'.",
      )
    }
    owned.owners.push(added)
    return { status: 204 }
  }
  if (asked.method === 'DELETE' && owner !== undefined && owned.owners.includes(owner)) {
    owned.owners = owned.owners.filter((id) => id !== owner)
    return { status: 204 }
  }
  return notFound(owner ?? 'owners')
}

/** Object ids in an `owners@odata.bind`. */
export function ownersOf(bind: unknown): string[] {
  return Array.isArray(bind) ? bind.flatMap((url) => objectIdIn(url) ?? []) : []
}

function objectIdIn(url: unknown): string | undefined {
  return typeof url === 'string' ? /\/directoryObjects\/([0-9a-f-]{36})$/.exec(url)?.[1] : undefined
}
