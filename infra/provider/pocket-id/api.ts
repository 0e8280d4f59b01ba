import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import type { Pause } from '../rest.ts'
import type { Administration } from './schema.ts'
import { openTransport, type Transport } from './transport.ts'

/** Items a page, the most that Pocket ID gives. */
const PAGE_SIZE = 100
/** How many pages of a list are read at most. */
const MAX_PAGES = 200

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])

const secretSchema = z.looseObject({
  id: z.string(),
  /** The first four characters; empty where the secret is older than 2.14, which stored nothing of it. */
  prefix: z.string(),
  isActive: z.boolean(),
})

/** A client as Pocket ID tells it, with what we do not know of it. */
const clientSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  callbackURLs: strings,
  logoutCallbackURLs: strings,
  launchURL: z.string().nullish(),
  isPublic: z.boolean(),
  pkceEnabled: z.boolean(),
  isGroupRestricted: z.boolean(),
  allowedUserGroups: z
    .array(z.looseObject({ id: z.string() }))
    .nullish()
    .transform((groups) => groups ?? []),
  credentials: z.looseObject({
    /** Not there before 2.14: such a Pocket ID has one secret a client, and tells nothing of it. */
    secrets: z
      .array(secretSchema)
      .nullish()
      .transform((secrets) => (secrets === null ? [] : secrets)),
  }),
})

const groupSchema = z.looseObject({ id: z.string().min(1), name: z.string() })

const groupPageSchema = z.looseObject({
  data: z.array(groupSchema),
  pagination: z.looseObject({ totalPages: z.number() }),
})

const renewedSchema = z.looseObject({ secret: z.string().min(1) })

/** Where the next read tells what has become of it. */
const anything = z.unknown()

export type DescribedClient = z.infer<typeof clientSchema>
export type DescribedSecret = z.infer<typeof secretSchema>
export type DescribedGroup = z.infer<typeof groupSchema>

/**
 * The administration API of one Pocket ID. Every method throws ProviderError `vendor_refused` for an answer that refuses,
 * and `unreachable` for none, or for one that is not Pocket ID's.
 */
export interface Api {
  /** @returns `gone` when Pocket ID itself says that there is no such client */
  readClient(id: string): Promise<DescribedClient | 'gone'>
  createClient(body: Properties): Promise<void>
  /** Replaces all of it but the groups. */
  replaceClient(id: string, body: Properties): Promise<void>
  /** Replaces the list. Ids that no group has are passed over without a word. */
  allowUserGroups(id: string, groupIds: readonly string[]): Promise<void>
  /** What is gone already counts as deleted. */
  deleteClient(id: string): Promise<void>
  /** Adds a secret of our choice to a client; from 2.14 on. */
  addSecret(id: string, secret: string): Promise<DescribedSecret>
  /** Makes a new secret in the place of the client's only one; before 2.14. */
  renewSecret(id: string): Promise<string>
  /** What is gone already counts as deleted. */
  deleteSecret(id: string, secretId: string): Promise<void>
  /** All of them. */
  listUserGroups(): Promise<DescribedGroup[]>
}

/**
 * @param signal ends every request
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://pocket-id.org/docs/api
 */
export function openApi(administration: Administration, signal: AbortSignal, pause?: Pause): Api {
  const { send, demand, parse } = openTransport(administration, signal, pause)
  const pathOf = (id: string) => `/oidc/clients/${encodeURIComponent(id)}`
  return {
    async readClient(id) {
      const answer = await send({ method: 'GET', path: pathOf(id), doing: 'read' })
      return answer === 'gone' ? 'gone' : parse(pathOf(id), clientSchema, answer.body)
    },
    async createClient(body) {
      await demand({ method: 'POST', path: '/oidc/clients', doing: 'make a client at', body }, anything)
    },
    async replaceClient(id, body) {
      await demand({ method: 'PUT', path: pathOf(id), doing: 'change', body }, anything)
    },
    async allowUserGroups(id, userGroupIds) {
      const path = `${pathOf(id)}/allowed-user-groups`
      await demand({ method: 'PUT', path, doing: 'change', body: { userGroupIds } }, anything)
    },
    async deleteClient(id) {
      await send({ method: 'DELETE', path: pathOf(id), doing: 'delete' })
    },
    addSecret(id, secret) {
      const path = `${pathOf(id)}/secrets`
      return demand({ method: 'POST', path, doing: 'add to', body: { secret }, secrets: [secret] }, secretSchema)
    },
    async renewSecret(id) {
      const { secret } = await demand({ method: 'POST', path: `${pathOf(id)}/secret`, doing: 'renew' }, renewedSchema)
      return secret
    },
    async deleteSecret(id, secretId) {
      await send({ method: 'DELETE', path: `${pathOf(id)}/secrets/${encodeURIComponent(secretId)}`, doing: 'delete' })
    },
    listUserGroups: () => listUserGroups(demand),
  }
}

async function listUserGroups(demand: Transport['demand']): Promise<DescribedGroup[]> {
  const groups = new Map<string, DescribedGroup>()
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const path = `/user-groups?${pageQuery(page)}`
    const { data, pagination } = await demand({ method: 'GET', path, doing: 'read' }, groupPageSchema)
    // One that is renamed meanwhile may stand on two pages.
    for (const group of data) groups.set(group.id, group)
    if (page >= pagination.totalPages) return [...groups.values()]
  }
  throw new ProviderError('unreachable', `The list of user groups has more than ${MAX_PAGES} pages: is that Pocket ID?`)
}

function pageQuery(page: number): string {
  const query = new URLSearchParams({
    'pagination[page]': String(page),
    'pagination[limit]': String(PAGE_SIZE),
    'sort[column]': 'name',
    'sort[direction]': 'asc',
  })
  return query.toString()
}
