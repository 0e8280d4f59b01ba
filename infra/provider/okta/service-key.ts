import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'

const inputsSchema = z.strictObject({})

/**
 * The key pair of a service app, made once and kept in the state; its id is the key id (RFC 7638 thumbprint). RS256,
 * although Okta's token endpoint takes ES256 too: Okta's SDK, and with it the official plugin, sends keys of curves
 * without naming the curve, and what is recorded then is a key without one.
 * @see https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
 */
export const oktaServiceKeyType: ResourceType = {
  secrets: [['privateJwk']],
  stableOutputs: ['privateJwk', 'publicKey'],
  check: (inputs) => ({ inputs, failures: checkInputs(inputsSchema, inputs) }),
  diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),
  plan: (inputs, state) => ({
    ...inputs,
    privateJwk: state?.['privateJwk'] ?? UNKNOWN,
    publicKey: state?.['publicKey'] ?? UNKNOWN,
  }),
  async create() {
    // Loaded here: every preview starts this provider, and keys are made once.
    const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose')
    const { privateKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 })
    const jwk = await exportJWK(privateKey)
    const { kty = '', n = '', e = '' } = jwk
    const kid = await calculateJwkThumbprint({ kty, n, e })
    const privateJwk = JSON.stringify({ ...jwk, kid, alg: 'RS256', use: 'sig' })
    return { id: kid, outputs: { privateJwk, publicKey: { kid, kty, n, e } } }
  },
  async read(call, id, state, inputs) {
    if (state['privateJwk'] !== undefined) return { inputs, outputs: state }
    const text = `${call.name}: key ${id} exists in no other place than the state that made it, and cannot be imported`
    throw new ProviderError('import_unsupported', text)
  },
  update: async (_call, _id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => {},
}
