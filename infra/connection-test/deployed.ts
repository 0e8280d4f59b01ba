import * as z from 'zod'

import { GATEWAY } from '../relying-parties/index.ts'
import { SHOWN_BY, type ShownCredential } from '../provider/index.ts'

/** One client at an identity provider, as the stack is deployed with it. */
export interface DeployedProvider {
  /** Of the provider. */
  id: string
  /** Whose client it is, where it is not the gateway's. */
  relyingParty?: string
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
/** A provider may have no client of the gateway's. */
const anyProvider = provider.partial({ clientId: true, callbackUrl: true })
const relyingParty = z.object({
  identityProvider: z.string(),
  clientId: z.string(),
  callbackUrls: z.tuple([z.string()], z.string()),
})
const stackOutputs = z.object({
  identityProviders: z.record(z.string(), z.unknown()),
  relyingParties: z.record(z.string(), z.unknown()).optional(),
})
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
  const { identityProviders = {}, relyingParties = {} } = outputs.data ?? {}
  const ofGateway = Object.entries(identityProviders).flatMap(([id, value]) => {
    const read = provider.safeParse(value)
    if (!read.success) return []
    const { homeIssuer, ...rest } = read.data
    return [{ id, ...rest, secrets: secretsOf(`${id}-${GATEWAY}`, homeIssuer ?? rest.issuer, resources) }]
  })
  const ofOthers = Object.entries(relyingParties).flatMap(([name, value]): DeployedProvider[] => {
    const party = relyingParty.safeParse(value).data
    const at = anyProvider.safeParse(party && identityProviders[party.identityProvider]).data
    if (party === undefined || at === undefined) return []
    const { homeIssuer = at.issuer, kind, endpoints: known } = at
    const { identityProvider: id, clientId, callbackUrls } = party
    // A name may be the beginning of another one.
    const longer = Object.keys(relyingParties).filter((other) => other.startsWith(`${name}-`))
    const foreign = longer.map((other) => `::${id}-${other}-`)
    const own = resources.filter(({ urn }) => !foreign.some((part) => urn.includes(part)))
    const secrets = secretsOf(`${id}-${name}`, homeIssuer, own)
    // It was told where the client is at home, and nothing of an address that several tenants share.
    const client = { id, relyingParty: name, kind, issuer: homeIssuer, clientId, callbackUrl: callbackUrls[0], secrets }
    return [known === undefined ? client : { ...client, endpoints: known }]
  })
  return [...ofGateway, ...ofOthers]
}

/** The proofs that a stack keeps are called `<identity provider>-<relying party>-<secret>-proof`. */
function secretsOf(client: string, issuer: string, resources: readonly Resource[]): DeployedSecret[] {
  return resources.flatMap(({ urn, type, outputs }) => {
    if (type !== 'gatewright-native:oidc:CredentialProof') return []
    const name = new RegExp(`::${client}-(.+)-proof$`).exec(urn)?.[1]
    const proof = proofOutputs.safeParse(outputs)
    if (name === undefined || !proof.success || proof.data.issuer !== issuer) return []
    const credential = shown.safeParse(outputs)
    return [{ name, provenAt: proof.data.provenAt, ...(credential.success ? { proof: credential.data } : {}) }]
  })
}
