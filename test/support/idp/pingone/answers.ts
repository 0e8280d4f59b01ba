import { randomUUID } from 'node:crypto'

import type { Answered, Asked } from '../index.ts'

/** So small that groups, roles and scopes have several pages. */
const PAGE_SIZE = 4

/**
 * One page of a collection.
 * @see https://developer.pingidentity.com/pingone-api/platform/reference/paging-ordering-collections.html
 */
export function page(asked: Asked, member: string, items: readonly unknown[]): Answered {
  const start = Number(asked.url.searchParams.get('cursor') ?? 0)
  const end = start + PAGE_SIZE
  const next = new URL(asked.url)
  next.searchParams.set('cursor', `${end}`)
  const links = { self: { href: asked.url.href }, ...(end < items.length ? { next: { href: next.href } } : {}) }
  return { body: { _links: links, _embedded: { [member]: items.slice(start, end) }, size: items.length } }
}

/** @see https://developer.pingidentity.com/pingone-api/platform/reference/error-codes.html */
export function failure(status: number, code: string, message: string, details: object[] = []): Answered {
  return { status, body: { id: randomUUID(), code, message, details } }
}

export const notFound = () => failure(404, 'NOT_FOUND', 'The requested resource object cannot be found.')

export const invalidToken = () => failure(401, 'INVALID_TOKEN', 'The authentication token is invalid.')

export const accessFailed = () =>
  failure(403, 'ACCESS_FAILED', 'The actor attempting to perform the request is not authorized.')

/** A request that breaks a rule about one of its members. */
export function invalid(target: string, message: string, code = 'INVALID_VALUE'): Answered {
  const text = 'The request could not be completed. One or more validation errors were in the request.'
  return failure(400, 'INVALID_DATA', text, [{ code, target, message }])
}

export const duplicate = (target: string) => invalid(target, 'must be unique', 'UNIQUENESS_VIOLATION')
