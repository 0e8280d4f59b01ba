import { z } from 'zod'

/** One identity provider as the stack is deployed with it. */
export interface DeployedProvider {
  id: string
  kind: string
  issuer: string
  clientId: string
  callbackUrl: string
  secrets: DeployedSecret[]
}

/** A client secret that the provider has taken. */
export interface DeployedSecret {
  /** As in `clientSecrets` of the stack file. */
  name: string
  /** ISO 8601. */
  provenAt: string
}

const provider = z.object({ kind: z.string(), issuer: z.string(), clientId: z.string(), callbackUrl: z.string() })
const stackOutputs = z.object({ identityProviders: z.record(z.string(), z.unknown()) })
const proofOutputs = z.object({ issuer: z.string(), provenAt: z.iso.datetime() })
const resource = z.object({ urn: z.string(), type: z.string(), outputs: z.unknown().optional() })
const exported = z.object({
  // A stack that was never deployed has no resources, or no deployment.
  deployment: z.object({ resources: z.array(resource).nullish() }).nullish(),
})

type Resource = z.infer<typeof resource>

/**
 * Reads which providers a stack is deployed with: the only ones that are shown a client id.
 * @param state what `pulumi stack export` prints; what is secret in it stays encrypted and is not looked at
 * @returns none for a stack that was never deployed
 * @throws SyntaxError, z.ZodError when it is no exported stack
 */
export function readDeployed(state: string): DeployedProvider[] {
  const resources = exported.parse(JSON.parse(state)).deployment?.resources ?? []
  const stack = resources.find(({ type }) => type === 'pulumi:pulumi:Stack')
  const outputs = stackOutputs.safeParse(stack?.outputs)
  return Object.entries(outputs.data?.identityProviders ?? {}).flatMap(([id, value]) => {
    const read = provider.safeParse(value)
    return read.success ? [{ id, ...read.data, secrets: secretsOf(id, read.data.issuer, resources) }] : []
  })
}

/** The proofs that a stack keeps are called `<identity provider>-<relying party>-<secret>-proof`. */
function secretsOf(id: string, issuer: string, resources: readonly Resource[]): DeployedSecret[] {
  return resources.flatMap(({ urn, type, outputs }) => {
    if (type !== 'gatewright-native:oidc:CredentialProof') return []
    const name = new RegExp(`::${id}-gateway-(.+)-proof$`).exec(urn)?.[1]
    const proof = proofOutputs.safeParse(outputs)
    if (name === undefined || !proof.success || proof.data.issuer !== issuer) return []
    return [{ name, provenAt: proof.data.provenAt }]
  })
}
