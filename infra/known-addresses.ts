import { isLoopbackHost } from '../runtime/net/index.ts'
import type { ClusterIdentity } from './cluster/index.ts'
import { type IdentityProviderSettings, type Problem, type StackConfig, StackConfigError } from './config/index.ts'
import type { LastDeployment } from './last-deployment.ts'
import { entraCloud } from './provider/index.ts'

/** Where a provider's administration credential is sent, as the stack file says it. */
interface Address {
  field: string
  /** Of the provider's issuer. */
  host: string
  /** A provider may be new there: nobody but its vendor or this machine can hear a credential, or a preview sends none. */
  mayBeNew: boolean
}

/** Under these hosts the vendors themselves put their customers' tenants. */
const VENDOR_DOMAINS = {
  auth0: ['auth0.com'],
  okta: ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com'],
} as const

const ADVICE =
  'A preview sends no credential to an address that was not deployed before. Look at it with ' +
  '`npm run review -- <stack> --against <git ref>`; if it is right, deploy it with `pulumi up --skip-preview`'

/**
 * Refuses a stack in which an identity provider or the cluster has moved, for a preview: it asks vendors questions with the
 * stack's credentials, sends the cluster the stack's Secrets as a dry run, and runs the commands of its kubeconfig. An
 * address that somebody merely proposes must not be given any. A deployment without a preview is the operator's own word
 * for it, and knows of no deployment here.
 * @param cluster of the stack; none where nothing is put into one
 * @param deployed the last deployment
 * @throws StackConfigError
 */
export async function requireKnownAddresses(
  stack: StackConfig,
  cluster: ClusterIdentity | undefined,
  deployed: Promise<LastDeployment>,
): Promise<void> {
  const last = await deployed
  const problems = [...unknownAddresses(stack.identityProviders, last.issuers), ...unknownCluster(cluster, last)]
  if (problems.length > 0) throw new StackConfigError(problems)
}

/**
 * What {@link requireKnownAddresses} refuses of the cluster: any but that of the last deployment. Before the first
 * deployment, when no issuers are known, each passes as each provider does: there is nothing to compare with, and the
 * stack has no credentials yet but those that its operator has just given it. A deployment of a version that did not say
 * its cluster has one that is unknown, which its operator says once.
 */
export function unknownCluster(
  cluster: ClusterIdentity | undefined,
  { issuers, cluster: last }: LastDeployment,
): Problem[] {
  if (cluster === undefined || (issuers.size === 0 && last === undefined)) return []
  const path = 'gatewright:cluster'
  if (last === undefined)
    return [{ path, message: `is new to this stack, or was deployed before deployments said which it is. ${ADVICE}` }]
  if (last.kubeconfig === cluster.kubeconfig && last.context === cluster.context) return []
  return [{ path, message: `has changed: the stack was deployed to ${describe(last)}. ${ADVICE}` }]
}

function describe({ kubeconfig, context }: ClusterIdentity): string {
  const where = context === undefined ? 'the current context' : `the context ${context}`
  return kubeconfig === 'kubectl' ? `${where} of kubectl` : `${where} of a kubeconfig of its own (${kubeconfig})`
}

/**
 * What {@link requireKnownAddresses} refuses. A provider under a new name may be an old one that was renamed on its way to
 * another address, with its credential: once something is deployed, it is asked only where its vendor alone can hear it,
 * or where another provider of the stack is.
 * @param issuers by identity provider, of the last deployment; none before the first
 */
export function unknownAddresses(
  providers: Readonly<Record<string, IdentityProviderSettings>>,
  issuers: LastDeployment['issuers'],
): Problem[] {
  const hosts = new Set([...issuers.values()].map(hostOf))
  return Object.entries(providers).flatMap(([id, settings]) => {
    const address = addressOf(settings)
    if (address === undefined || issuers.size === 0) return []
    const path = `gatewright:identityProviders.${id}.${address.field}`
    const issuer = issuers.get(id)
    if (issuer !== undefined) {
      if (hostOf(issuer) === address.host) return []
      return [{ path, message: `has changed: ${id} was registered at ${issuer}. ${ADVICE}` }]
    }
    return address.mayBeNew || hosts.has(address.host) ? [] : [{ path, message: `is new to this stack. ${ADVICE}` }]
  })
}

/** @returns nothing for a provider that the stack itself runs: its credential is made here and is of use nowhere else */
function addressOf(settings: IdentityProviderSettings): Address | undefined {
  switch (settings.kind) {
    case 'auth0':
    case 'okta': {
      const host = settings.domain
      const isVendors = VENDOR_DOMAINS[settings.kind].some((domain) => host.endsWith(`.${domain}`))
      return { field: 'domain', host, mayBeNew: isVendors || isHere(host) }
    }
    case 'pingone':
      // The schema takes no other domains than the vendor's.
      return { field: 'domain', host: `auth.${settings.domain}`, mayBeNew: true }
    case 'entra': {
      const host = hostOf(settings.authority)
      return { field: 'authority', host, mayBeNew: entraCloud(settings.authority) !== undefined || isHere(host) }
    }
    case 'keycloak':
    case 'pocket-id': {
      const host = hostOf(settings.url)
      return { field: 'url', host, mayBeNew: isHere(host) }
    }
    case 'google':
    case 'oidc':
      // Whose credentials are sent when something is deployed, and never before.
      return { field: 'issuer', host: hostOf(settings.issuer), mayBeNew: true }
    case 'local':
      return undefined
  }
}

function hostOf(url: string): string {
  return new URL(url).host
}

function isHere(host: string): boolean {
  return isLoopbackHost(new URL(`https://${host}`).hostname)
}
