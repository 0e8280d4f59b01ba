import * as z from 'zod'

import { isSafe } from '../../../runtime/config.ts'
import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { commonParty, kubernetesSecret } from './common.ts'

/** Apps whose callbacks and settings are known, and `other`. */
export const APP_NAMES = [
  'argo-cd',
  'forgejo',
  'gitea',
  'gitlab',
  'grafana',
  'harbor',
  'open-webui',
  'outline',
  'vault',
  'other',
] as const

export type AppName = (typeof APP_NAMES)[number]

/** Exact: a star would be a pattern at some vendors, and a fragment is not allowed (RFC 6749 §3.1.2). */
const address = z
  .string()
  .refine((text) => isWebAddress(text) && !/[*#]/.test(text), 'write one whole address, https://…, without * and #')
  .refine(
    (text) => !isWebAddress(text) || isSafe(text),
    'use https; plain http is only for hosts on this machine (localhost and *.localhost)',
  )

const addresses = z.array(address).refine((list) => new Set(list).size === list.length, 'an address is there twice')

/**
 * Any app that signs people in by OpenID Connect. Of a well-known one its addresses are known; of any other they are said
 * here, and lead to it alone.
 */
export const app = z
  .strictObject({
    ...commonParty,
    kind: z.literal('app'),
    /** Which app it is: of those whose callbacks and settings are known, or `other`. */
    app: z.enum(APP_NAMES),
    /** Where people are sent after a sign-in, of `app: other`. */
    redirectUris: addresses.min(1).optional(),
    /** Where people are sent after a sign-out, of `app: other`. */
    postLogoutRedirectUris: addresses.optional(),
    /** Whether every sign-in comes with a code challenge (RFC 7636), of `app: other`. */
    pkce: z.boolean().optional(),
    /** Where the app's settings go; put out by the stack where it is left out. */
    secret: kubernetesSecret.optional(),
  })
  .superRefine((settings, context) => {
    for (const { path, message } of mistakesOf(settings)) context.addIssue({ code: 'custom', path, message })
  })

export type AppSettings = z.output<typeof app>

type Said = Pick<AppSettings, 'app' | 'url' | 'redirectUris' | 'postLogoutRedirectUris' | 'pkce'>

function mistakesOf(settings: Said): { path: (string | number)[]; message: string }[] {
  const { app: name, url, redirectUris = [], postLogoutRedirectUris = [] } = settings
  if (name !== 'other') {
    const surplus = (['redirectUris', 'postLogoutRedirectUris', 'pkce'] as const).filter(
      (field) => settings[field] !== undefined,
    )
    return surplus.map((field) => ({ path: [field], message: `is known of ${name}: leave it out, or use app: other` }))
  }
  const missing =
    redirectUris.length === 0
      ? [{ path: ['redirectUris'], message: 'is missing: of another app nobody knows where people are sent' }]
      : []
  const elsewhere = [
    ...redirectUris.map((text, index) => ({ path: ['redirectUris', index], text })),
    ...postLogoutRedirectUris.map((text, index) => ({ path: ['postLogoutRedirectUris', index], text })),
  ].filter(({ text }) => !isAt(url, text))
  return [...missing, ...elsewhere.map(({ path }) => ({ path, message: `leads elsewhere than to ${url}` }))]
}

/** A code goes to whoever has the address: to the app, or to a program of the person's own machine. */
function isAt(url: string, text: string): boolean {
  // What is no address is reported as that.
  if (!isWebAddress(text)) return true
  const { host, hostname } = new URL(text)
  return host === URL.parse(url)?.host || isLoopbackHost(hostname)
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '')
}
