import * as pulumi from '@pulumi/pulumi'

import { clusterOf } from './cluster/index.ts'
import type { RelyingPartySettings, StackConfig } from './config/index.ts'
import type { ClientCredential, ClientRequest } from './identity-providers/index.ts'
import { mapValues } from './map-values.ts'
import type { RelyingPartyOutput } from './outputs.ts'
import { describePartyAccess } from './party-access.ts'
import { type Providers, registerProven } from './registrations.ts'
import { createRelyingParty } from './relying-parties/index.ts'

/** A relying party that has its client. */
export interface Party {
  /** For everybody to read: kind, url, identity provider, client id, callbacks, and who may sign in. */
  described: RelyingPartyOutput
  /** What whoever runs it has to be given; nothing where it has been told everything already. */
  settings: pulumi.Output<object> | undefined
}

/** Registers a client for every relying party of the stack file, and hands it over. */
export function connectParties(
  stack: StackConfig,
  providers: Providers,
  parent: pulumi.Resource,
): Record<string, Party> {
  return mapValues(stack.relyingParties, (settings, id) => {
    const { identityProvider } = settings
    const provider = providers[identityProvider]
    const providerSettings = stack.identityProviders[identityProvider]
    // The checks have seen to it.
    if (!provider || !providerSettings) throw new Error(`there is no identity provider ${identityProvider}`)
    const cluster = () => clusterOf(stack.cluster, parent)
    const party = createRelyingParty({ id, clientName: clientNameOf(settings.url), parent, cluster }, settings)
    const request = party.request()
    const [first] = registerProven(stack, identityProvider, provider, request, parent)
    const credential = requireSecret(id, first)
    return {
      described: describe(settings, request, credential, describePartyAccess(settings, providerSettings)),
      settings: party.complete({ provider, settings: providerSettings, credential }),
    }
  })
}

/** What the stack puts out: for everybody, and for those who run the relying parties. */
export function outputsOf(parties: Record<string, Party>): {
  described: Record<string, RelyingPartyOutput>
  settings: Record<string, pulumi.Output<object>>
} {
  const settings = Object.entries(parties).flatMap(([id, party]) =>
    party.settings ? [[id, party.settings] as const] : [],
  )
  return { described: mapValues(parties, ({ described }) => described), settings: Object.fromEntries(settings) }
}

/** One of its kind in a tenant, where several stacks may have clients: no two relying parties have one address. */
function clientNameOf(url: string): string {
  return `${url.replace(/^https?:\/\//, '')} (${pulumi.getStack()})`
}

function requireSecret(id: string, credential: ClientCredential | undefined): Required<ClientCredential> {
  const { clientSecret } = credential ?? {}
  if (credential === undefined || clientSecret === undefined)
    throw new Error(`${id} was given a client without a secret`)
  return { ...credential, clientSecret }
}

function describe(
  settings: RelyingPartySettings,
  { redirectUris }: ClientRequest,
  { clientId }: ClientCredential,
  access: string,
): RelyingPartyOutput {
  const { kind, url, identityProvider } = settings
  const app = settings.kind === 'app' ? { app: settings.app } : {}
  return { kind, ...app, url, identityProvider, clientId, callbackUrls: redirectUris, access }
}
