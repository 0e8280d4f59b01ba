import type { Brand } from './brand.ts'
import type { IdentityProviderSettings } from './identity-providers/index.ts'
import type { Report } from './problems.ts'
import type { RelyingPartySettings } from './relying-parties/index.ts'
import type { StackParts } from './schema.ts'

/** A relying party, and the provider that signs its people in, where both are right by themselves. */
export interface Pair {
  id: string
  party: RelyingPartySettings
  provider: IdentityProviderSettings
}

/** @returns those of which both are known */
export function pairsOf({ relyingParties, identityProviders }: StackParts): Pair[] {
  return Object.entries(relyingParties).flatMap(([id, party]) => {
    const provider = identityProviders[party.identityProvider]
    return provider === undefined ? [] : [{ id, party, provider }]
  })
}

/** Every client belongs to one of those that use the provider: whoever has its secret can act as it. */
export function checkClients(
  stack: StackParts,
  brands: Readonly<Record<string, Brand>>,
  pairs: readonly Pair[],
  report: Report,
): void {
  for (const [name, provider] of Object.entries(stack.identityProviders)) {
    const own = pairs.filter(({ party }) => party.identityProvider === name)
    const isOffered = Object.values(brands).some(({ identityProviders }) => identityProviders.includes(name))
    checkBrought(provider, own, isOffered, report)
    const taken = 'import' in provider ? provider.import : undefined
    const owners = new Map<string, string>(taken === undefined ? [] : [[taken, 'the gateway']])
    for (const { id, party } of own) {
      if (party.import === undefined) continue
      const other = owners.get(party.import)
      if (other !== undefined)
        report(['relyingParties', id, 'import'], `${party.import} is the client of ${other} already`)
      owners.set(party.import, other ?? id)
    }
  }
}

function checkBrought(
  provider: IdentityProviderSettings,
  pairs: readonly Pair[],
  isOffered: boolean,
  report: Report,
): void {
  const brought = provider.kind === 'google' || provider.kind === 'oidc' ? provider.client : undefined
  const owners = new Map<string, string>(brought && isOffered ? [[brought.id, 'the gateway']] : [])
  for (const { id, party } of pairs) {
    const at: Report = (field, message) => report(['relyingParties', id, ...field], message)
    const client = party.client ?? brought
    if (brought === undefined) {
      if (party.client) at(['client'], `clients at ${party.identityProvider} are registered by the stack: leave it out`)
      continue
    }
    if (client === undefined) continue
    const other = owners.get(client.id)
    if (other !== undefined) {
      const what = party.client
        ? `${client.id} is the client of ${other} already`
        : `is missing: the client of ${party.identityProvider} is that of ${other}`
      at(['client'], `${what}, and whoever runs this one would have its secret: make one there by hand, and bring it`)
    }
    if (client.secret === undefined) at(['client'], `has no secret, and this one needs one`)
    owners.set(client.id, other ?? id)
  }
}

/** Ids and names of secrets are put together with dashes: two ways may lead to one name. */
export function checkLogicalNames(stack: StackParts, pairs: readonly Pair[], report: Report): void {
  const owners = new Map<string, string>()
  const claim = (base: string, secrets: readonly string[], owner: string): string | undefined => {
    const names = [base, ...secrets.map((secret) => `${base}-${secret}`)]
    const other = names.map((name) => owners.get(name)).find((found) => found !== undefined && found !== owner)
    for (const name of names) owners.set(name, owners.get(name) ?? owner)
    return other
  }
  for (const [name, provider] of Object.entries(stack.identityProviders)) {
    claim(`${name}-gateway`, secretNames(provider), `the gateway at ${name}`)
  }
  for (const { id, party, provider } of pairs) {
    const other = claim(`${party.identityProvider}-${id}`, secretNames(provider), id)
    if (other === undefined) continue
    report(
      ['relyingParties', id],
      `its client at ${party.identityProvider} would have the name of one of ${other}: give it another name`,
    )
  }
}

function secretNames(provider: IdentityProviderSettings): readonly string[] {
  return 'clientSecrets' in provider ? provider.clientSecrets : ['present', 'previous']
}
