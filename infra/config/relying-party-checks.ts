import type { Brand } from './brand.ts'
import { type IdentityProviderSettings, isShared } from './identity-providers/index.ts'
import { type Report, unknownName } from './problems.ts'
import { checkClients, checkLogicalNames, type Pair, pairsOf } from './relying-party-clients.ts'
import type { StackParts } from './schema.ts'

/** Logical names that the gateway's own client and a provider's directory have. */
const TAKEN = ['gateway', 'directory']

/** Kinds that can say which groups may sign in to one client. */
const WITH_GROUPS: readonly string[] = ['auth0', 'entra', 'okta', 'pingone', 'pocket-id']

/** Kinds at which a client that exists can be taken over, and what its id looks like. */
const IMPORTABLE: Readonly<Record<string, RegExp>> = {
  auth0: /^\S+$/,
  entra: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
  keycloak: /^[^\s/]+$/,
  okta: /^\S+$/,
  pingone: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
  'pocket-id': /^[a-zA-Z0-9._-]{2,128}$/,
}

/** What lies between relying parties, their identity providers and the rest of the stack. */
export function checkRelyingParties(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  for (const id of stack.names.relyingParties) checkName(id, report)
  for (const [id, { identityProvider: name }] of Object.entries(stack.relyingParties)) {
    const known = stack.names.identityProviders
    if (known.includes(name)) continue
    report(['relyingParties', id, 'identityProvider'], unknownName(name, known, 'identity provider'))
  }
  checkAddresses(stack, brands, report)
  checkSecrets(stack, report)
  const pairs = pairsOf(stack)
  for (const pair of pairs) checkPair(pair, report)
  checkClients(stack, brands, pairs, report)
  checkLogicalNames(stack, pairs, report)
}

function checkName(id: string, report: Report): void {
  const taken = TAKEN.find((name) => id === name) ?? (id.startsWith('gateway-') ? 'gateway' : undefined)
  if (taken === 'gateway') report(['relyingParties', id], 'this name is the gateway’s own: give it another one')
  else if (taken)
    report(['relyingParties', id], `${taken} is what an identity provider’s own client is called: give it another name`)
}

/** A client is called after its relying party's address. */
function checkAddresses(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const owners = new Map(Object.entries(brands).map(([id, { url }]) => [url, `the login host of ${id}`]))
  for (const [id, { url }] of Object.entries(stack.relyingParties)) {
    const other = owners.get(url)
    if (other !== undefined) report(['relyingParties', id, 'url'], `${url} is that of ${other} already`)
    owners.set(url, other ?? id)
  }
}

function checkSecrets({ relyingParties }: StackParts, report: Report): void {
  const owners = new Map<string, string>()
  for (const [id, party] of Object.entries(relyingParties)) {
    const secret = 'secret' in party ? party.secret : undefined
    if (secret === undefined) continue
    const key = `${secret.namespace}/${secret.name}`
    const other = owners.get(key)
    if (other !== undefined) report(['relyingParties', id, 'secret'], `${key} is the Secret of ${other} already`)
    owners.set(key, other ?? id)
  }
}

/** What one relying party asks of its provider. */
function checkPair({ id, party, provider }: Pair, report: Report): void {
  const at: Report = (field, message) => report(['relyingParties', id, ...field], message)
  const name = party.identityProvider
  if (party.allowedGroups && (!WITH_GROUPS.includes(provider.kind) || isOfSeveralTenants(provider))) {
    at(
      ['allowedGroups'],
      `${name} (${provider.kind}) cannot say of one client who may sign in: leave it out, and say so in the app`,
    )
  }
  checkImport({ id, party, provider }, at)
  checkAuthMethod({ id, party, provider }, at)
  if (party.kind === 'pomerium') checkPomerium({ id, party, provider }, at)
}

function isOfSeveralTenants(provider: IdentityProviderSettings): boolean {
  return provider.kind === 'entra' && isShared(provider)
}

function checkImport({ party, provider }: Pair, at: Report): void {
  if (party.import === undefined) return
  const form = IMPORTABLE[provider.kind]
  if (form === undefined)
    at(['import'], `a client at ${party.identityProvider} (${provider.kind}) cannot be taken over`)
  else if (!form.test(party.import))
    at(['import'], `is no id of a client at ${party.identityProvider} (${provider.kind})`)
}

/** Software takes a client secret, and only some of it a key. */
function checkAuthMethod({ party, provider }: Pair, at: Report): void {
  if (party.authMethod !== undefined) return
  if (provider.authMethod !== 'private_key_jwt' && provider.authMethod !== 'none') return
  at(
    ['authMethod'],
    `is missing: clients at ${party.identityProvider} have no secret (${provider.authMethod}), and this one needs one: say client_secret_basic or client_secret_post if that is meant`,
  )
}

function checkPomerium({ party, provider }: Pair, at: Report): void {
  if (new URL(party.url).pathname !== '/') at(['url'], 'write the authenticate service’s own address, without a path')
  if (party.kind !== 'pomerium' || !party.directory) return
  const name = party.identityProvider
  const why = noPomeriumDirectory(provider)
  if (why !== undefined) at(['directory'], why)
  else if (!('directory' in provider) || !provider.directory) {
    at(['directory'], `there is nothing to hand over: set identityProviders.${name}.directory`)
  }
}

/** @returns why Pomerium cannot use the provider's directory; nothing where it can */
function noPomeriumDirectory(provider: IdentityProviderSettings): string | undefined {
  switch (provider.kind) {
    case 'keycloak':
    case 'local':
    case 'oidc':
    case 'pocket-id':
      return `Pomerium reads no directory of kind ${provider.kind}: leave it out`
    case 'okta':
      return provider.directory === true
        ? 'Pomerium takes an API token of Okta, and no service app: bring one as directory: { apiToken: … } of the provider'
        : undefined
    case 'entra':
      return provider.authority === 'https://login.microsoftonline.com'
        ? undefined
        : `Pomerium reads directories at login.microsoftonline.com alone, and this one is at ${provider.authority}: leave it out`
    case 'pingone':
      return provider.domain === 'pingone.com'
        ? undefined
        : `Pomerium reads directories at pingone.com alone, and this one is at ${provider.domain}: leave it out`
    case 'auth0':
    case 'google':
      return undefined
  }
}
