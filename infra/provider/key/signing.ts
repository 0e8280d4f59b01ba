import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { readRecorded } from './recorded.ts'
import { signingInputsSchema } from './schema.ts'

/**
 * An ES256 key pair (RFC 7518 §3.4), made once and kept in the state. Outputs `privateJwk` and `publicJwk` are JSON
 * texts (RFC 7517); both name the key by its RFC 7638 thumbprint, which is the resource's id too.
 */
export const signingType: ResourceType = {
  secrets: [['privateJwk']],
  stableOutputs: ['privateJwk', 'publicJwk'],
  check: (inputs) => ({ inputs, failures: checkInputs(signingInputsSchema, inputs) }),
  diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),
  plan: (inputs, state) => ({
    ...inputs,
    privateJwk: state?.['privateJwk'] ?? UNKNOWN,
    publicJwk: state?.['publicJwk'] ?? UNKNOWN,
  }),
  async create() {
    // Loaded here: every preview starts this provider, and keys are made once.
    const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose')
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const publicJwk = await exportJWK(publicKey)
    const { d } = await exportJWK(privateKey)
    const kid = await calculateJwkThumbprint(publicJwk)
    const shared = { ...publicJwk, kid, alg: 'ES256', use: 'sig' }
    const outputs = { privateJwk: JSON.stringify({ ...shared, d }), publicJwk: JSON.stringify(shared) }
    return { id: kid, outputs }
  },
  read: readRecorded('privateJwk'),
  update: async (_call, _id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => {},
}
