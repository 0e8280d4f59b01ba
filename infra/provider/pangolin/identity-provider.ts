import { InitializationFailure, ProviderError } from '../errors.ts'
import { type Properties, UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type Found, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { type Api, type Described, openApi } from './api.ts'
import { bears, closedMappings, isUnfinished, openedMappings, readOurs } from './ownership.ts'
import {
  type IdentityProviderInputs,
  identityProviderInputsSchema,
  type IdentityProviderState,
  identityProviderStateSchema,
} from './schema.ts'

/** Nobody has it (RFC 2606 §2): until the client is known, nobody can be sent anywhere. */
const NOWHERE = 'https://gatewright.invalid'

/** How many identity providers are looked at, the newest first, for one that an interrupted create has left. */
const MAX_LOOKED_AT = 100

/**
 * An identity provider of a Pangolin, without the client that it is to be: its callback has a number in it that Pangolin
 * gives, and the client is registered with that callback. It is never made anew, since everybody who has an account by it
 * would go with it.
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://docs.pangolin.net/manage/identity-providers/auto-provisioning
 */
export function createIdentityProviderType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiKey']],
    stableOutputs: ['idpId'],

    check: (inputs) => ({ inputs, failures: checkInputs(identityProviderInputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] }),

    plan(inputs, state) {
      const [url, idpId] = [inputs['url'], state?.['idpId']]
      const isKnown = typeof url === 'string' && url !== UNKNOWN && typeof idpId === 'string'
      return { ...inputs, idpId: idpId ?? UNKNOWN, callbackUrl: isKnown ? callbackOf(url, idpId) : UNKNOWN }
    },

    async create(call, properties) {
      const inputs = identityProviderInputsSchema.parse(properties)
      const api = openApi(inputs, call.signal, pause)
      const idpId = (await adopt(api, inputs)) ?? (await make(api, inputs))
      const state = stateOf(inputs, idpId)
      try {
        await api.changeIdentityProvider(idpId, toBody(inputs))
      } catch (error) {
        throw new InitializationFailure(idpId, state, error)
      }
      return { id: idpId, outputs: state }
    },

    async read(call, id, state, inputs) {
      const recorded = identityProviderStateSchema.safeParse(state)
      if (!recorded.success) {
        const text = `${call.name}: identity provider ${id} of a Pangolin cannot be imported: "pulumi up" makes one of its own beside it`
        throw new ProviderError('import_unsupported', text)
      }
      const found = await readOurs(openApi(recorded.data, call.signal, pause), recorded.data)
      return found === 'gone' ? 'gone' : toFound(found, recorded.data, inputs)
    },

    async update(call, _id, state, properties) {
      const inputs = identityProviderInputsSchema.parse(properties)
      const recorded = identityProviderStateSchema.parse(state)
      const api = openApi(inputs, call.signal, pause)
      const isMoved = inputs.api !== recorded.api
      const { idpId } = recorded
      const present = isMoved ? await api.readIdentityProvider(idpId) : await readOurs(api, recorded)
      if (present === 'gone') throw isGone(inputs.api, recorded)
      if (isMoved && !bears(present, recorded.mark)) throw isElsewhere(inputs.api, recorded)
      await api.changeIdentityProvider(idpId, toBody(inputs))
      return stateOf(inputs, idpId)
    },

    async delete(call, state) {
      const recorded = identityProviderStateSchema.parse(state)
      const api = openApi(recorded, call.signal, pause)
      if ((await readOurs(api, recorded)) !== 'gone') await api.deleteIdentityProvider(recorded.idpId)
    },
  }
}

/** What is there, as the program would have to say it. */
function toFound(found: Described, recorded: IdentityProviderState, inputs: Properties): Found {
  const { name, autoProvision } = found.idp
  // Inputs that no program says: they read as what is there, and are taken away by the next update.
  const opened = openedMappings(found, recorded.mark)
  const { defaultOrgMapping: _, defaultRoleMapping: __, ...program } = inputs
  return {
    inputs: { ...program, name, autoProvision, ...opened },
    outputs: { ...recorded, name, autoProvision },
  }
}

/** What of it is ours to decide, after it was made. */
function toBody({ name, autoProvision, mark }: IdentityProviderInputs): Properties {
  return { name, autoProvision, ...closedMappings(mark) }
}

/**
 * Goes on with what an earlier create has left. One that never had a client may have been left because the dashboard is
 * elsewhere, which Pangolin tells only when one is made: so it goes, and is made anew.
 * @throws ProviderError `vendor_refused`, `unreachable`
 */
async function adopt(api: Api, { mark }: IdentityProviderInputs): Promise<string | undefined> {
  const left = await findLeftBehind(api, mark)
  if (left === undefined || !isUnfinished(left.found, mark)) return left?.idpId
  await api.deleteIdentityProvider(left.idpId)
  return undefined
}

/** One that a deployment made which died before it could say so. */
async function findLeftBehind(api: Api, mark: string): Promise<{ idpId: string; found: Described } | undefined> {
  const listed = await api.listIdentityProviders()
  const candidates = listed.filter(({ type }) => type === 'oidc').toSorted((left, right) => right.idpId - left.idpId)
  for (const { idpId } of candidates.slice(0, MAX_LOOKED_AT)) {
    const found = await api.readIdentityProvider(String(idpId))
    if (found !== 'gone' && bears(found, mark)) return { idpId: String(idpId), found }
  }
  return undefined
}

async function make(api: Api, { url, mark, name }: IdentityProviderInputs): Promise<string> {
  const client = { clientId: mark, clientSecret: mark, identifierPath: 'sub', scopes: 'openid' }
  const created = await api.createIdentityProvider(
    { name, ...client },
    {
      authUrl: `${NOWHERE}/authorize`,
      tokenUrl: `${NOWHERE}/token`,
      discoveryUrl: `${NOWHERE}/.well-known/openid-configuration`,
    },
  )
  const idpId = String(created.idpId)
  if (created.redirectUrl === callbackOf(url, idpId)) return idpId
  const left = await leftAfterDelete(api, idpId)
  const dashboard = URL.parse(created.redirectUrl)?.origin ?? 'an address that cannot be read'
  throw new ProviderError(
    'registration_altered',
    `This Pangolin has its dashboard at ${dashboard}, and not at ${url}: write that as "url" of the relying party, or correct dashboard_url there. ${left}`,
  )
}

/** @returns for a message, what became of one that cannot be kept */
async function leftAfterDelete(api: Api, idpId: string): Promise<string> {
  try {
    await api.deleteIdentityProvider(idpId)
    return 'Nothing was kept'
  } catch (error) {
    const reason = error instanceof ProviderError ? error.message : 'the deployment was ended'
    return `Identity provider ${idpId}, which leads nowhere, is left there, as it could not be deleted either (${reason}): the next "pulumi up" tries that again, or delete it by hand`
  }
}

function callbackOf(url: string, idpId: string): string {
  return `${url}/auth/idp/${idpId}/oidc/callback`
}

function stateOf(inputs: IdentityProviderInputs, idpId: string): IdentityProviderState {
  return { ...inputs, idpId, callbackUrl: callbackOf(inputs.url, idpId) }
}

function isGone(api: string, { idpId }: IdentityProviderState): ProviderError {
  const text = `${api} knows no identity provider ${idpId} (any more): correct "api" if it has changed; else run "pulumi refresh", and the next "pulumi up" makes it anew`
  return new ProviderError('vendor_refused', text)
}

function isElsewhere(api: string, { idpId, name }: IdentityProviderState): ProviderError {
  const text = `Identity provider ${idpId} at ${api} is not ${JSON.stringify(name)} of this stack, and was left as it is: that is another Pangolin. Give it a relying party of its own in the stack file, under a new name`
  return new ProviderError('identity_provider_not_ours', text)
}
