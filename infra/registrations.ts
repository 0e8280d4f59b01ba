import * as pulumi from '@pulumi/pulumi'

import type { ImageConfig } from '../runtime/config.ts'
import { proveCredentials } from './client-credentials.ts'
import type { StackConfig } from './config/index.ts'
import {
  type ClientCredential,
  type ClientRequest,
  createIdentityProvider,
  type IdentityProvider,
} from './identity-providers/index.ts'
import { loginHostsOf, loginUrlsOf } from './login-hosts.ts'
import { mapValues } from './map-values.ts'
import { gatewayClient } from './relying-parties/index.ts'
import type { StackFiles } from './stack-files.ts'
import type { ProgramFolders } from './targets/index.ts'

/** By identity provider, as the stack file calls it. */
export type Providers = Record<string, IdentityProvider>

/** Of one client, the preferred one first; proven. */
export type Credentials = ClientCredential[]

/** Makes all identity providers of the stack; no client is registered by that. */
export function makeProviders(stack: StackConfig, folders: ProgramFolders, parent: pulumi.Resource): Providers {
  const displayName = displayNameOf(stack)
  return mapValues(stack.identityProviders, (settings, id) =>
    createIdentityProvider({ id, displayName, parent, folders }, settings),
  )
}

/**
 * Registers the gateway's client wherever people are offered to sign in.
 * @returns by identity provider; without those that only other relying parties use
 */
export function registerGateway(
  stack: StackConfig,
  providers: Providers,
  files: StackFiles,
  parent: pulumi.Resource,
): Record<string, Credentials> {
  const offered = Object.entries(providers).filter(([id]) => loginHostsOf(stack, id).size > 0)
  return mapValues(Object.fromEntries(offered), (provider, id) => {
    const settings = stack.identityProviders[id]
    const urls = loginUrlsOf(stack, id)
    const taken = settings && 'import' in settings ? settings.import : undefined
    const request = gatewayClient(id, urls, displayNameOf(stack), {
      logo: logoAt(stack, urls[0], files),
      import: taken,
    })
    return registerProven(stack, id, provider, request, parent)
  })
}

/**
 * Registers one client, and has its credentials proven.
 * @param id of the identity provider in the stack file
 */
export function registerProven(
  stack: StackConfig,
  id: string,
  provider: IdentityProvider,
  request: ClientRequest,
  parent: pulumi.Resource,
): Credentials {
  const settings = stack.identityProviders[id]
  // Providers are made from the stack's own settings.
  if (settings === undefined) throw new Error(`there is no identity provider ${id}`)
  const proving = { identityProvider: id, settings, issuer: provider.homeIssuer ?? provider.issuer, request }
  return proveCredentials(proving, provider.register(request).credentials, parent)
}

/** What the stack's own things are called at vendors. Several stacks may share one tenant. */
function displayNameOf({ url }: StackConfig): string {
  const name = url === '' ? pulumi.getProject() : new URL(url).hostname
  return `${name} (${pulumi.getStack()})`
}

/** The logo of the brand that signs people in there. */
function logoAt({ brands }: StackConfig, loginUrl: string, files: StackFiles): ImageConfig | undefined {
  const logo = Object.values(brands).find(({ url }) => url === loginUrl)?.logo
  return logo === undefined ? undefined : files.logo(logo).image
}
