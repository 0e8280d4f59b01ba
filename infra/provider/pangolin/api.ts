import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Properties } from '../properties.ts'
import type { Pause } from '../rest.ts'
import type { Addresses, Administration } from './schema.ts'
import { openTransport, saysGone, type Sent, type Transport } from './transport.ts'

/** Items a page, which is what Pangolin gives unless it is asked for another number. */
const PAGE_SIZE = 1000
/** How many pages of a list are read at most. */
const MAX_PAGES = 100

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** An identity provider as Pangolin tells it: the client's id and secret are in it, in plain text. */
const describedSchema = z.looseObject({
  idp: z.looseObject({
    name: z.string(),
    autoProvision: z.boolean(),
    defaultRoleMapping: text,
    defaultOrgMapping: text,
  }),
  /** Null for one that is not OpenID Connect. */
  idpOidcConfig: z
    .looseObject({
      clientId: z.string(),
      clientSecret: z.string(),
      authUrl: text,
      tokenUrl: text,
      /** In the place of the two, from a later version on. */
      discoveryUrl: text,
      identifierPath: z.string(),
      emailPath: text,
      namePath: text,
      scopes: z.string(),
    })
    .nullable(),
})

const listedSchema = z.looseObject({ idpId: z.number(), name: z.string(), type: z.string() })
const policySchema = z.looseObject({ orgId: z.string(), roleMapping: text, orgMapping: text })
const pagination = z.looseObject({ total: z.number() })
const idpPageSchema = z.looseObject({ idps: z.array(listedSchema), pagination })
const policyPageSchema = z.looseObject({ policies: z.array(policySchema), pagination })
const createdSchema = z.looseObject({ idpId: z.number(), redirectUrl: z.string() })

/** Where the next read tells what has become of it. */
const anything = z.unknown()

export type Described = z.infer<typeof describedSchema>
export type Listed = z.infer<typeof listedSchema>
export type DescribedPolicy = z.infer<typeof policySchema>

/** What a policy says, by Pangolin's names. */
export interface Mappings {
  roleMapping: string
  orgMapping: string
}

/**
 * The part of Pangolin's integration API that is about identity providers. Every method throws ProviderError
 * `vendor_refused` for an answer that refuses, and `unreachable` for none, or for one that is not Pangolin's.
 */
export interface Api {
  /** All of them, of every kind. */
  listIdentityProviders(): Promise<Listed[]>
  /** @returns `gone` when Pangolin itself says that there is no such identity provider */
  readIdentityProvider(idpId: string): Promise<Described | 'gone'>
  /**
   * Makes another one each time, and is sent once.
   * @param body without addresses
   * @param addresses as this version of Pangolin takes them, the endpoints or where they are named, is found out by asking
   */
  createIdentityProvider(body: Properties, addresses: Required<Addresses>): Promise<z.infer<typeof createdSchema>>
  /** Changes what the body names. @param secrets values of the body that no error may repeat */
  changeIdentityProvider(idpId: string, body: Properties, secrets?: readonly string[]): Promise<void>
  /** With its policies and, as Pangolin does it, with everybody who has an account by it. What is gone counts as deleted. */
  deleteIdentityProvider(idpId: string): Promise<void>
  readPolicy(idpId: string, organization: string): Promise<DescribedPolicy | undefined>
  createPolicy(idpId: string, organization: string, mappings: Mappings): Promise<void>
  changePolicy(idpId: string, organization: string, mappings: Mappings): Promise<void>
  deletePolicy(idpId: string, organization: string): Promise<void>
}

/**
 * @param signal ends every request
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://docs.pangolin.net/manage/integration-api/using-the-integration-api
 */
export function openApi(administration: Administration, signal: AbortSignal, pause?: Pause): Api {
  const transport = openTransport(administration, signal, pause)
  const { send, accept, demand } = transport
  const pathOf = (idpId: string) => `/idp/${encodeURIComponent(idpId)}`
  const policyOf = (idpId: string, organization: string) => `${pathOf(idpId)}/org/${encodeURIComponent(organization)}`
  return {
    listIdentityProviders: () => listAll(demand, '/idp', idpPageSchema, ({ idps }) => idps),
    async readIdentityProvider(idpId) {
      const sent: Sent = { method: 'GET', path: pathOf(idpId), doing: 'read' }
      const answer = await send(sent)
      return saysGone(answer) ? 'gone' : accept(sent, answer, describedSchema)
    },
    createIdentityProvider: (body, addresses) => createIdentityProvider(transport, body, addresses),
    async changeIdentityProvider(idpId, body, secrets = []) {
      await demand({ method: 'POST', path: `${pathOf(idpId)}/oidc`, doing: 'change', body, secrets }, anything)
    },
    async deleteIdentityProvider(idpId) {
      const sent: Sent = { method: 'DELETE', path: pathOf(idpId), doing: 'delete' }
      const answer = await send(sent)
      if (!saysGone(answer)) accept(sent, answer, anything)
    },
    async readPolicy(idpId, organization) {
      const policies = await listAll(demand, `${pathOf(idpId)}/org`, policyPageSchema, (page) => page.policies)
      return policies.find(({ orgId }) => orgId === organization)
    },
    async createPolicy(idpId, organization, body) {
      await demand(
        { method: 'PUT', path: policyOf(idpId, organization), doing: 'make the policy', body: { ...body } },
        anything,
      )
    },
    async changePolicy(idpId, organization, body) {
      await demand(
        { method: 'POST', path: policyOf(idpId, organization), doing: 'change', body: { ...body } },
        anything,
      )
    },
    async deletePolicy(idpId, organization) {
      await demand({ method: 'DELETE', path: policyOf(idpId, organization), doing: 'delete' }, anything)
    },
  }
}

/** It refuses members that it does not know, and says which it misses. */
async function createIdentityProvider(
  { send, accept, demand }: Transport,
  body: Properties,
  { authUrl, tokenUrl, discoveryUrl }: Required<Addresses>,
): Promise<z.infer<typeof createdSchema>> {
  const sent: Sent = { method: 'PUT', path: '/idp/oidc', doing: 'make an identity provider at' }
  const first: Sent = { ...sent, body: { ...body, authUrl, tokenUrl } }
  const answer = await send(first)
  const { message } = (answer.body ?? {}) as { message?: unknown }
  if (answer.status === 400 && typeof message === 'string' && message.includes('discoveryUrl')) {
    return demand({ ...sent, body: { ...body, discoveryUrl } }, createdSchema)
  }
  return accept(first, answer, createdSchema)
}

async function listAll<Page extends { pagination: { total: number } }, Item>(
  demand: Transport['demand'],
  path: string,
  schema: z.ZodType<Page>,
  itemsOf: (page: Page) => Item[],
): Promise<Item[]> {
  const items: Item[] = []
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), offset: String(items.length) })
    const answer = await demand({ method: 'GET', path: `${path}?${query.toString()}`, doing: 'read' }, schema)
    const found = itemsOf(answer)
    items.push(...found)
    if (found.length === 0 || items.length >= answer.pagination.total) return items
  }
  throw new ProviderError('unreachable', `The list at ${path} has more than ${MAX_PAGES} pages: is that Pangolin?`)
}
