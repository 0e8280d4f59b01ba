import * as pulumi from '@pulumi/pulumi'

import { type IdentityProviderSettings, type StackConfig, StackConfigError } from './config/index.ts'

/** Where a provider's administration credential is sent, as the stack file says it. */
interface Address {
  field: string
  host: string
}

/**
 * Refuses to preview a stack in which an identity provider has moved: a preview asks vendors questions with the stack's
 * credentials, and an address that somebody merely proposes must not be given one. A deployment without a preview is the
 * operator's own word for it.
 * @throws StackConfigError
 */
export async function requireKnownAddresses(stack: StackConfig): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return
  const issuers = await deployedIssuers()
  const problems = Object.entries(stack.identityProviders).flatMap(([id, settings]) => {
    const address = addressOf(settings)
    const issuer = issuers[id]
    if (address === undefined || issuer === undefined || isOf(address.host, issuer)) return []
    const message =
      `has changed: ${id} was registered at ${issuer}. A preview sends no credential to an address that was not ` +
      'deployed before. Look at it with `npm run review -- <stack> --against <git ref>`; if it is right, deploy it with ' +
      '`pulumi up --skip-preview`'
    return [{ path: `gatewright:identityProviders.${id}.${address.field}`, message }]
  })
  if (problems.length > 0) throw new StackConfigError(problems)
}

/** By identity provider; empty before the first deployment. */
async function deployedIssuers(): Promise<Record<string, string>> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`
  const answer = (await pulumi.runtime.invoke('pulumi:pulumi:readStackOutputs', { name })) as {
    outputs?: { identityProviders?: Record<string, { issuer?: string }> }
  }
  return Object.fromEntries(
    Object.entries(answer.outputs?.identityProviders ?? {}).flatMap(([id, { issuer }]) =>
      issuer === undefined ? [] : [[id, issuer]],
    ),
  )
}

/** @returns nothing for a provider that the stack itself runs: its credential is made here and is of use nowhere else */
function addressOf(settings: IdentityProviderSettings): Address | undefined {
  switch (settings.kind) {
    case 'auth0':
    case 'okta':
    case 'pingone':
      return { field: 'domain', host: settings.domain }
    case 'entra':
      return { field: 'authority', host: new URL(settings.authority).host }
    case 'keycloak':
    case 'pocket-id':
      return { field: 'url', host: new URL(settings.url).host }
    case 'google':
    case 'oidc':
      return { field: 'issuer', host: new URL(settings.issuer).host }
    case 'local':
      return undefined
  }
}

/** Some vendors sign people in at a host below the one that the stack file names. */
function isOf(host: string, issuer: string): boolean {
  const known = new URL(issuer).host
  return known === host || known.endsWith(`.${host}`)
}
