import { OWN_ACCOUNTS, RESERVED_PROVIDER_IDS } from '../../runtime/config.ts'
import { hostKeysOf } from '../../runtime/routes/index.ts'
import type { Brand, BrandInput } from './brand.ts'
import { DEFAULT_BRAND, homeUrl, waysIn } from './brands.ts'
import { type Report, unknownName } from './problems.ts'
import type { StackParts } from './schema.ts'

/** What lies between brands, and between a brand and the rest of the stack. */
export function checkBrands(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  checkAddresses(stack, brands, report)
  for (const [id, said] of Object.entries(stack.brands)) {
    const at: Report = (field, message) => report(['brands', id, ...field], message)
    said.identityProviders?.forEach((name, index) => {
      const known = stack.names.identityProviders
      if (!known.includes(name)) at(['identityProviders', index], unknownName(name, known, 'identity provider'))
    })
    checkOwnWays(stack, said, at)
  }
  checkOffers(stack, brands, report)
}

/** Each brand has a login host of its own, and one of several names the stack at vendors. */
function checkAddresses(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const isUrlSaid = stack.names.others.includes('url')
  const isDefaultSaid = stack.brands[DEFAULT_BRAND]?.url !== undefined
  for (const [id, { url, name }] of Object.entries(stack.brands)) {
    const takesOver = id === DEFAULT_BRAND
    if (url === undefined && !(takesOver && isUrlSaid)) report(['brands', id, 'url'], 'is missing')
    if (name === undefined && !takesOver) report(['brands', id, 'name'], 'is missing')
    if (takesOver && url !== undefined && stack.url !== undefined && url !== stack.url) {
      report(['brands', id, 'url'], `is another than url of the stack (${stack.url}): leave one of the two out`)
    }
  }
  const runs = stack.target?.kind !== 'none'
  if (!isUrlSaid && stack.names.brands.length === 0) {
    if (runs) report(['url'], 'is missing')
  } else if (
    !isUrlSaid &&
    !isDefaultSaid &&
    stack.names.brands.length > 1 &&
    homeUrl(stack.url, brands) === undefined
  ) {
    const names = stack.names.brands.join(', ')
    report(['url'], `is missing: of several brands (${names}) say whose address names the stack's clients at vendors`)
  }
  const hosts = new Map<string, string>()
  for (const [id, { url }] of Object.entries(brands)) {
    const keys = hostKeysOf(url)
    const other = keys.map((key) => hosts.get(key)).find((found) => found !== undefined)
    if (other !== undefined) report(['brands', id, 'url'], `${url} is the login host of ${other} already`)
    for (const key of keys) hosts.set(key, other ?? id)
  }
}

/** What passwords and passkeys need to be of use. */
function checkOwnWays(stack: StackParts, { password, passkeys, identityProviders }: BrandInput, report: Report): void {
  const { others } = stack.names
  const hasMail = others.includes('mail')
  if (password !== 'off' && !hasMail) {
    report(['password'], 'a password is set, and forgotten, by mail: say in mail how it is sent')
  }
  if (password === 'break_glass') {
    if (!others.includes('admins')) {
      report(['password'], 'break_glass is for administrators: say in admins who that is')
    }
    if (passkeys === false) {
      report(['passkeys'], 'break_glass takes a passkey beside the password: leave passkeys out, or set it to true')
    }
  }
  const providers = identityProviders ?? stack.names.identityProviders
  if (providers.length > 0 || password !== 'off') return
  if (!passkeys) {
    report([], 'nobody can sign in here: name identityProviders, or set password or passkeys')
  } else if (!hasMail) {
    report(['passkeys'], 'who has no passkey yet gets in by an invitation alone: say in mail how it is sent')
  }
}

/** A provider that nobody is offered has a client without an address to come back to, unless a relying party uses it. */
function checkOffers(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const offered = new Set(Object.values(brands).flatMap(({ identityProviders }) => identityProviders))
  const users = Object.values(stack.relyingParties).map(({ identityProvider }) => identityProvider)
  const isWhole =
    stack.names.brands.every((id) => Object.hasOwn(stack.brands, id)) &&
    stack.names.relyingParties.every((id) => Object.hasOwn(stack.relyingParties, id))
  const runs = stack.target?.kind !== 'none'
  for (const id of stack.names.identityProviders) {
    const path = ['identityProviders', id]
    if (RESERVED_PROVIDER_IDS.has(id)) report(path, 'this name is the gateway’s own: give it another one')
    if (!isWhole || offered.has(id) || users.includes(id)) continue
    if (!runs) report(path, 'no relying party uses it: take it out')
    else if (Object.keys(brands).length > 0) {
      report(path, 'no brand offers it: name it in identityProviders of one, or take it out; enabled: false hides it')
    }
  }
}

/** What a route or an account says of its brand. */
export function checkMembership(
  brands: Readonly<Record<string, Brand>>,
  names: readonly string[],
  brand: string | undefined,
  report: Report,
): void {
  const known = [...new Set([...Object.keys(brands), ...names])]
  if (brand !== undefined && !known.includes(brand)) report(['brand'], unknownName(brand, known, 'brand'))
  if (brand === undefined && known.length > 1) report(['brand'], `is missing: say which of ${known.join(', ')}`)
}

/**
 * Providers that a route takes people from have to be offered where they sign in.
 * @param at the route's brand, as far as anybody knows which one that is
 */
export function checkAccepted(
  stack: StackParts,
  at: { id: string; brand: Brand } | undefined,
  accepted: readonly string[],
  report: Report,
): void {
  const known = stack.names.identityProviders
  accepted.forEach((name, index) => {
    const path = ['identityProviders', index]
    if (name !== OWN_ACCOUNTS && !known.includes(name)) report(path, unknownName(name, known, 'identity provider'))
    else if (at === undefined || waysIn(at.brand).includes(name)) return
    else if (name === OWN_ACCOUNTS) {
      report(path, `nobody signs in at ${at.id} by an account of the gateway: set password or passkeys of that brand`)
    } else report(path, `the brand ${at.id} does not offer ${name}: nobody gets a session of it there`)
  })
}
