import * as z from 'zod'

import { identifier } from '../../runtime/config.ts'
import { account, type AccountSettings } from './account.ts'
import { allowances } from './allowances.ts'
import { brand, type Brand, type BrandInput } from './brand.ts'
import { cluster } from './cluster.ts'
import { minutes, network, publicOrigin, rule, secret } from './fields.ts'
import { identityProvider, type IdentityProviderSettings } from './identity-providers/index.ts'
import { mail, type MailSettings } from './mail.ts'
import { serviceAccount, type ServiceAccountSettings, tokenIssuer } from './programs.ts'
import { relyingParty, type RelyingPartySettings } from './relying-parties/index.ts'
import { route } from './route.ts'
import { target } from './target.ts'

const forwardAuth = z.strictObject({ secret })

const sampleApp = z.strictObject({ route: identifier })

/** How long people stay signed in. */
const session = z
  .strictObject({
    /** A session ends when it was not used for so long. */
    idleMinutes: minutes.default(8 * 60),
    /** A session ends so long after the sign-in, whatever happens. */
    absoluteMinutes: minutes.default(24 * 60),
    /** How long a session lives on when its provider could not be asked for new tokens in time. */
    refreshGraceMinutes: z
      .int()
      .nonnegative()
      .max(100 * 366 * 24 * 60)
      .default(60),
  })
  .refine(
    ({ idleMinutes, absoluteMinutes }) => idleMinutes <= absoluteMinutes,
    'idleMinutes is longer than absoluteMinutes',
  )

/** The key in use first; two only while one takes over from the other. */
const keyNames = z
  .array(identifier)
  .min(1)
  .max(2)
  .refine((names) => new Set(names).size === names.length, 'the two have one name')
  .default(['k1'])

/** Names of keys, the one in use first. Two only while one takes over from the other: `npm run rotate -- <stack> keys`. */
const keys = z.strictObject({ signing: keyNames, sealing: keyNames })

/** What a stack file says under `gatewright:`; unknown names are refused everywhere. */
export const stackSchema = z.strictObject({
  /** The login host; left out only where `brands` say theirs. */
  url: publicOrigin.optional(),
  /** Shown on the pages. */
  name: z.string().min(1).default('Gatewright'),
  /** Login hosts with looks and ways to sign in of their own; without any there is the one of `url` and `name`. */
  brands: z.record(identifier, brand).default({}),
  /** Where people sign in. The names stand in callback URLs. */
  identityProviders: z.record(identifier, identityProvider),
  /** Left out only where no gateway runs (`target.kind: none`). */
  routes: z.record(identifier, route).default({}),
  /** Somebody else's software that signs people in at one of the identity providers. */
  relyingParties: z.record(identifier, relyingParty).default({}),
  session: session.prefault({}),
  keys: keys.prefault({}),
  /** Who issues tokens to programs; a route's `bearer` names them. */
  tokenIssuers: z.record(identifier, tokenIssuer).default({}),
  /** Programs with tokens of our own. */
  serviceAccounts: z.record(identifier, serviceAccount).default({}),
  /** How mail is sent. */
  mail: mail.optional(),
  /** People with an account from the start. */
  accounts: z.record(identifier, account).default({}),
  /** Who may administer: a rule like a route's. Nobody may without one. */
  admins: rule.optional(),
  /** The proxies in front of the gateway, whose X-Forwarded-For says which client it is. */
  trustedProxies: z.array(network).default([]),
  /** The Kubernetes cluster of everything that is made in one. */
  cluster: cluster.optional(),
  target: target.prefault({ kind: 'process' }),
  /** Other proxies that ask who may pass show this secret. */
  forwardAuth: forwardAuth.optional(),
  /** Rules of `npm run review` that the stack breaks on purpose, each with the reason. */
  allowances: allowances.prefault({}),
  /** Starts a small app that shows who is there, behind the route named here. */
  sampleApp: sampleApp.optional(),
})

export type StackInput = z.input<typeof stackSchema>
/** A stack as its file says it. */
export type StackSettings = z.output<typeof stackSchema>
export type RouteSettings = StackSettings['routes'][string]

/** A stack with everything that was left out. */
export interface StackConfig extends StackSettings {
  /** The login host that the stack is called after at vendors; empty where no gateway runs. */
  url: string
  /** By id; at least one, unless no gateway runs. */
  brands: Record<string, Brand>
  routes: Record<string, RouteSettings & { brand: string }>
  accounts: Record<string, AccountSettings & { brand: string }>
}

/** The parts of a stack that are right by themselves, so that what lies between them can be checked whatever else is wrong. */
export interface StackParts {
  url: string | undefined
  name: string
  /** As the stack file has them. */
  brands: Record<string, BrandInput>
  /** Login hosts that any of them says, also one that is wrong otherwise. */
  brandUrls: string[]
  mail: MailSettings | undefined
  admins: string | undefined
  accounts: Record<string, AccountSettings>
  identityProviders: Record<string, IdentityProviderSettings>
  routes: Record<string, RouteSettings>
  relyingParties: Record<string, RelyingPartySettings>
  target: StackConfig['target'] | undefined
  sampleApp: { route: string } | undefined
  serviceAccounts: Record<string, ServiceAccountSettings>
  /** All names that the stack file uses, also of parts that are wrong; `others` are those of the stack itself. */
  names: Record<'brands' | 'identityProviders' | 'relyingParties' | 'routes' | 'tokenIssuers' | 'others', string[]>
}

/** @param input the values under `gatewright:`, whatever they are */
export function validParts(input: unknown): StackParts {
  const map: Record<string, unknown> = isMap(input) ? input : {}
  return {
    url: publicOrigin.safeParse(map['url']).data,
    name: stackSchema.shape.name.safeParse(map['name']).data ?? '',
    brands: validEntries(brand, map['brands']),
    brandUrls: brandUrls(map['brands']),
    mail: stackSchema.shape.mail.safeParse(map['mail']).data,
    accounts: validEntries(account, map['accounts']),
    admins: stackSchema.shape.admins.safeParse(map['admins']).data,
    identityProviders: validEntries(identityProvider, map['identityProviders']),
    routes: validEntries(route, map['routes']),
    relyingParties: validEntries(relyingParty, map['relyingParties']),
    target: stackSchema.shape.target.safeParse(map['target']).data,
    sampleApp: sampleApp.safeParse(map['sampleApp']).data,
    serviceAccounts: validEntries(serviceAccount, map['serviceAccounts']),
    names: {
      brands: namesOf(map['brands']),
      identityProviders: namesOf(map['identityProviders']),
      relyingParties: namesOf(map['relyingParties']),
      routes: namesOf(map['routes']),
      tokenIssuers: namesOf(map['tokenIssuers']),
      others: namesOf(map),
    },
  }
}

/** Without a prototype: a route called `constructor` that is not there must not be found. */
function validEntries<S extends z.ZodType>(schema: S, map: unknown): Record<string, z.output<S>> {
  const valid = Object.create(null) as Record<string, z.output<S>>
  for (const [key, value] of Object.entries(isMap(map) ? map : {})) {
    const { data } = schema.safeParse(value)
    if (data !== undefined) valid[key] = data
  }
  return valid
}

function brandUrls(map: unknown): string[] {
  return Object.values(isMap(map) ? map : {}).flatMap((entry) => {
    const url = isMap(entry) ? entry['url'] : undefined
    return typeof url === 'string' ? [url] : []
  })
}

function namesOf(map: unknown): string[] {
  return isMap(map) ? Object.keys(map) : []
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
