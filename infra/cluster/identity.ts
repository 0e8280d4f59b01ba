import { createHash } from 'node:crypto'

import { type StackConfig, StackConfigError } from '../config/index.ts'

/** Which cluster a stack is deployed to, for everybody to read. */
export interface ClusterIdentity {
  /** `kubectl`, where it is the one that kubectl reads; else the SHA-256 digest of the stack's own. */
  kubeconfig: string
  /** Left out, as in the stack file: the kubeconfig's own choice. */
  context?: string
}

/**
 * What stands alone in the lines that are credentials and nothing else, as kubectl and the clouds' tools write them. Neither
 * a blank nor a sign of YAML is in it, so that no other setting can hide there.
 */
const CREDENTIAL = /^( +(?:token|password|client-certificate-data|client-key-data): )"?[\w+/=.~-]+"?(?=\r?$)/gm

/**
 * Tells a stack's cluster without a secret.
 * @returns nothing for a stack that puts nothing into a cluster
 * @throws StackConfigError for a path in the place of a kubeconfig: what stands there could change without a trace
 */
export async function identifyCluster(stack: StackConfig): Promise<ClusterIdentity | undefined> {
  if (!usesCluster(stack)) return undefined
  const { context, kubeconfig } = stack.cluster ?? {}
  const chosen = context === undefined ? {} : { context }
  if (kubeconfig === undefined) return { kubeconfig: 'kubectl', ...chosen }
  // Of the stack file or of the environment, and so known before anything is made.
  const text = await new Promise<string>((resolve) => void kubeconfig.apply(resolve))
  if (!/^\s*\{|\n/.test(text)) {
    const message = 'is not a whole kubeconfig. Give its text, and not the path to it'
    throw new StackConfigError([{ path: 'gatewright:cluster.kubeconfig', message }])
  }
  return { kubeconfig: digestOf(text), ...chosen }
}

/**
 * Of all that a kubeconfig says, without the credentials: they are renewed, and a short password could be guessed by its
 * digest. What is written otherwise than {@link CREDENTIAL} has it counts as a whole, commands and their environment too.
 */
export function digestOf(kubeconfig: string): string {
  const digest = createHash('sha256').update(kubeconfig.replaceAll(CREDENTIAL, '$1'))
  return `sha256:${digest.digest('hex')}`
}

function usesCluster({ target, relyingParties }: StackConfig): boolean {
  if (target.kind === 'kubernetes') return true
  return Object.values(relyingParties).some((party) => 'secret' in party && party.secret !== undefined)
}
