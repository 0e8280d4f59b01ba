import { randomUUID } from 'node:crypto'

import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { proveCredential } from './proof-course.ts'
import { SHOWN_BY } from './proof-request.ts'
import { issuer, isSafeUrl, redirectUri } from './schema.ts'

/** A credential that is to be live before anything is deployed with it. */
export const proofInputsSchema = z.strictObject({
  issuer,
  clientId: z.string().min(1),
  /** For `private_key_jwt` the private key, a JWK in JSON. */
  clientSecret: z.string().min(1),
  authMethod: z.enum(SHOWN_BY),
  /** One that the client has. */
  redirectUri,
  /** Where the issuer has no discovery document. */
  tokenEndpoint: z.string().refine(isSafeUrl, 'use https (http only on localhost)').optional(),
})

export type ProofInputs = z.infer<typeof proofInputsSchema>

/** `provenAt` is when this pair of client id and secret was first taken, as an ISO 8601 date and time in UTC. */
export type ProofState = ProofInputs & { provenAt: string }

/**
 * Shows a client's secret at the token endpoint until the server takes it, and gives the secret on: what needs a live
 * secret takes it from here. It sends the secret in a create or update alone, never while a change is previewed, so
 * that an issuer which somebody merely proposes is never given one.
 * @param pause how to wait; tests give one that does not
 */
export function createCredentialProofType(pause?: Pause): ResourceType {
  return {
    secrets: [['clientSecret']],
    stableOutputs: [],

    check: (inputs) => ({ inputs, failures: checkInputs(proofInputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),

    plan: (inputs, state) => ({ ...inputs, provenAt: provenBefore(inputs, state) ?? UNKNOWN }),

    async create(call, properties) {
      const inputs = proofInputsSchema.parse(properties)
      await proveCredential(inputs, call.signal, pause)
      return { id: randomUUID(), outputs: { ...inputs, provenAt: new Date().toISOString() } satisfies ProofState }
    },

    // The secret is not sent: a read is part of previews too, and a proof is of the past. Whether the secret is good
    // today is what sign-ins and the doctor tell.
    async read(call, id, state, inputs) {
      if (state['provenAt'] !== undefined) return { inputs, outputs: state }
      const text = `${call.name}: ${id} exists in no other place than the state that made it, and cannot be imported`
      throw new ProviderError('import_unsupported', text)
    },

    async update(call, _id, state, properties) {
      const inputs = proofInputsSchema.parse(properties)
      await proveCredential(inputs, call.signal, pause)
      const provenAt = provenBefore(inputs, state) ?? new Date().toISOString()
      return { ...inputs, provenAt } satisfies ProofState
    },

    delete: async () => {},
  }
}

/** When this very pair was proven: an age that another callback or way of sending does not start anew. */
function provenBefore(inputs: Properties, state: Properties | undefined): string | undefined {
  const isSame = (['issuer', 'clientId', 'clientSecret'] as const).every((name) => state?.[name] === inputs[name])
  const provenAt = state?.['provenAt']
  return isSame && typeof provenAt === 'string' ? provenAt : undefined
}
