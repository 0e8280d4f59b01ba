import * as z from 'zod'

import { SHOWN_BY, type ShownCredential } from '../provider/index.ts'

/** One identity provider as the stack is deployed with it. */
export interface DeployedProvider {
  id: string
  kind: string
  issuer: string
  clientId: string
  callbackUrl: string
  secrets: DeployedSecret[]
  /** Its addresses, where it has no discovery document. */
  endpoints?: { authorization: string; token: string; jwks: string } | undefined
}

/** With what a client can be shown to its token endpoint. */
export type ClientProof = ShownCredential

/** A client secret that the provider has taken. */
export interface DeployedSecret {
  /** As in `clientSecrets` of the stack file. */
  name: string
  /** ISO 8601. */
  provenAt: string
  /** There only where the state was read with its secrets. */
  proof?: ClientProof
}

const endpoints = z.object({ authorization: z.string(), token: z.string(), jwks: z.string() })
const provider = z.object({
  kind: z.string(),
  issuer: z.string(),
  /** Where the client is at home, if that is not `issuer`. */
  homeIssuer: z.string().optional(),
  clientId: z.string(),
  callbackUrl: z.string(),
  endpoints: endpoints.optional(),
})
const stackOutputs = z.object({ identityProviders: z.record(z.string(), z.unknown()) })
const proofOutputs = z.object({ issuer: z.string(), provenAt: z.iso.datetime() })
const shown = z.object({
  issuer: z.string(),
  clientId: z.string(),
  authMethod: z.enum(SHOWN_BY),
  redirectUri: z.string(),
  tokenEndpoint: z.string().optional(),
  /** A secret of the state, opened: its value is JSON in a text. */
  clientSecret: z
    .object({ plaintext: z.string() })
    .transform(({ plaintext }) => z.string().parse(JSON.parse(plaintext))),
})
const resource = z.object({ urn: z.string(), type: z.string(), outputs: z.unknown().optional() })
const exported = z.object({
  // A stack that was never deployed has no resources, or no deployment.
  deployment: z.object({ resources: z.array(resource).nullish() }).nullish(),
})

type Resource = z.infer<typeof resource>

/**
 * Reads which providers a stack is deployed with: the only ones that are shown a client id.
 * @param state what `pulumi stack export` prints; with its secrets (`--show-secrets`), clients can be shown as well
 * @returns none for a stack that was never deployed
 * @throws SyntaxError, z.ZodError when it is no exported stack
 */
export function readDeployed(state: string): DeployedProvider[] {
  const resources = exported.parse(JSON.parse(state)).deployment?.resources ?? []
  const stack = resources.find(({ type }) => type === 'pulumi:pulumi:Stack')
  const outputs = stackOutputs.safeParse(stack?.outputs)
  return Object.entries(outputs.data?.identityProviders ?? {}).flatMap(([id, value]) => {
    const read = provider.safeParse(value)
    if (!read.success) return []
    const { homeIssuer, ...rest } = read.data
    return [{ id, ...rest, secrets: secretsOf(id, homeIssuer ?? rest.issuer, resources) }]
  })
}

/** The proofs that a stack keeps are called `<identity provider>-<relying party>-<secret>-proof`. */
function secretsOf(id: string, issuer: string, resources: readonly Resource[]): DeployedSecret[] {
  return resources.flatMap(({ urn, type, outputs }) => {
    if (type !== 'gatewright-native:oidc:CredentialProof') return []
    const name = new RegExp(`::${id}-gateway-(.+)-proof$`).exec(urn)?.[1]
    const proof = proofOutputs.safeParse(outputs)
    if (name === undefined || !proof.success || proof.data.issuer !== issuer) return []
    const credential = shown.safeParse(outputs)
    return [{ name, provenAt: proof.data.provenAt, ...(credential.success ? { proof: credential.data } : {}) }]
  })
}
