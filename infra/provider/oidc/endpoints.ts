import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { discover } from './discovery.ts'
import { isSafeUrl, issuer } from './schema.ts'

/** A provider that says itself where its endpoints are. */
export const endpointsInputsSchema = z.strictObject({ issuer })

export type EndpointsInputs = z.infer<typeof endpointsInputsSchema>

/** Empty for an endpoint that the provider does not have. */
export interface EndpointsState extends EndpointsInputs {
  authorization: string
  token: string
  userinfo: string
  endSession: string
}

const ENDPOINTS = ['authorization', 'token', 'userinfo', 'endSession'] as const

const endpoint = z.string().refine(isSafeUrl)
const documentSchema = z.looseObject({
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  userinfo_endpoint: endpoint.optional(),
  end_session_endpoint: endpoint.optional(),
})

/**
 * Where an issuer's endpoints are, for software that cannot find them itself. It is asked when something is deployed or
 * refreshed, and never while a change is previewed.
 * @param pause how to wait between tries; tests give one that does not
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function createEndpointsType(pause?: Pause): ResourceType {
  return {
    secrets: [],
    stableOutputs: [],
    check: (inputs) => ({ inputs, failures: checkInputs(endpointsInputsSchema, inputs) }),
    diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),
    plan: (inputs, state) => ({ ...inputs, ...plannedEndpoints(inputs, state) }),

    async create(call, properties) {
      const outputs = await findEndpoints(properties, call.signal, pause)
      return { id: outputs.issuer, outputs: { ...outputs } }
    },

    async read(call, id, state, inputs) {
      const asked = inputs['issuer'] === undefined ? { issuer: id } : inputs
      try {
        return { inputs: asked, outputs: { ...(await findEndpoints(asked, call.signal, pause)) } }
      } catch (error) {
        // What is recorded holds until the issuer says otherwise: its outage must not stop a refresh of everything else.
        if (!(error instanceof ProviderError) || state['token'] === undefined) throw error
        return { inputs, outputs: state }
      }
    },

    update: async (call, _id, _state, properties) => ({ ...(await findEndpoints(properties, call.signal, pause)) }),
    delete: async () => {},
  }
}

async function findEndpoints(
  properties: Properties,
  signal: AbortSignal,
  pause: Pause | undefined,
): Promise<EndpointsState> {
  const inputs = endpointsInputsSchema.parse(properties)
  const { url, document } = await discover(inputs.issuer, signal, pause)
  const read = documentSchema.safeParse(document)
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => String(path[0])))].join(', ')
    throw new ProviderError(
      'discovery_failed',
      `${url} has no usable ${names}: https is needed (http only on localhost)`,
    )
  }
  const { data } = read
  return {
    issuer: inputs.issuer,
    authorization: data.authorization_endpoint,
    token: data.token_endpoint,
    userinfo: data.userinfo_endpoint ?? '',
    endSession: data.end_session_endpoint ?? '',
  }
}

function plannedEndpoints(inputs: Properties, state: Properties | undefined): Properties {
  const isKnown = state !== undefined && state['issuer'] === inputs['issuer']
  return Object.fromEntries(ENDPOINTS.map((name) => [name, (isKnown ? state[name] : undefined) ?? UNKNOWN]))
}
