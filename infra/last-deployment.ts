import * as pulumi from '@pulumi/pulumi'

import type { ClusterIdentity } from './cluster/index.ts'

/** What a preview knows of the last deployment. */
export interface LastDeployment {
  /** By identity provider; none where nothing is deployed. */
  issuers: ReadonlyMap<string, string>
  /** None where nothing was put into a cluster, or before deployments said which one it was. */
  cluster?: ClusterIdentity
}

/**
 * What the last deployment says of its identity providers and its cluster, for a preview that is to ask some of them.
 * @returns nothing in a deployment, before the first, and where the stack file names no provider but the stack's own and no
 * cluster
 */
export async function readLastDeployment(): Promise<LastDeployment> {
  if (!pulumi.runtime.isDryRun() || !asksSomebody()) return { issuers: new Map() }
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`
  const { outputs } = (await pulumi.runtime.invoke('pulumi:pulumi:readStackOutputs', { name })) as {
    outputs?: { identityProviders?: Record<string, { issuer?: string }>; cluster?: ClusterIdentity }
  }
  const issuers = Object.entries(outputs?.identityProviders ?? {}).flatMap(([id, { issuer }]) =>
    issuer === undefined ? [] : [[id, issuer] as const],
  )
  return { issuers: new Map(issuers), ...(outputs?.cluster && { cluster: outputs.cluster }) }
}

/** Read before the stack file is checked, and so without trust in its shape or in how its JSON spells a word. */
function asksSomebody(): boolean {
  const config = new pulumi.Config('gatewright')
  const providers = config.get('identityProviders') ?? ''
  const users = `${config.get('target') ?? ''} ${config.get('relyingParties') ?? ''}`
  return (
    /"kind"\s*:\s*"(?!local")/.test(providers) ||
    config.get('cluster') !== undefined ||
    /"kubernetes"|"secret"/.test(users) ||
    `${providers}${users}`.includes('\\')
  )
}
