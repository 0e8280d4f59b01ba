import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { keepRotation, latestCredentials, replaceRecord, requireManaged, settle } from './client-record.ts'
import type { Journal } from './journal.ts'
import { describeAlteration, findDrift, toCredentials, toMetadata, toOutputs, unorderedInputs } from './metadata.ts'
import { deleteClient, discoverRegistrationEndpoint, readClient, registerClient } from './registration.ts'
import { clientInputsSchema, clientStateSchema, inputsOf, type ClientState } from './schema.ts'

/** Outputs that only an answer of the server can give. */
const given = ['clientId', 'clientSecret', 'clientSecretExpiresAt', 'registrationClientUri']

/**
 * An OIDC client that is registered dynamically (RFC 7591) and managed at its configuration endpoint (RFC 7592).
 * Everything but the issuer is changed in place, so that client id and secret stay.
 * @param isShortLived whether an issuer's clients go with it: a provider on this machine takes them along
 * @param journal keeps what a server has answered until the state knows it; see there what RFC 7591 cannot give
 */
export function createClientType(journal: Journal, isShortLived = isOnThisMachine): ResourceType {
  return {
    secrets: [['initialAccessToken'], ['clientSecret'], ['registrationAccessToken']],
    stableOutputs: given,

    check: (inputs) => ({ inputs, failures: checkInputs(clientInputsSchema, inputs) }),

    async diff({ urn, state, oldInputs, newInputs }) {
      const recorded = clientStateSchema.safeParse(state)
      if (recorded.success) await latestCredentials(journal, urn, recorded.data, [recorded.data.initialAccessToken])
      return diffProperties(oldInputs, newInputs, { replaceOn: ['issuer'], unordered: unorderedInputs })
    },

    plan: planClient,

    async create(call, properties) {
      const inputs = clientInputsSchema.parse(properties)
      const { issuer, initialAccessToken: sealedWith } = inputs
      const keeping = { journal, subject: { urn: call.urn, issuer }, sealedWith }
      const endpoint = await discoverRegistrationEndpoint(issuer, call.signal)

      const orphan = await journal.find(keeping.subject, [sealedWith])
      // The issuer took its clients along when it went, and its token.
      if (orphan?.kind === 'sealed' && isShortLived(issuer)) await journal.remove(keeping.subject)
      else if (orphan?.kind === 'sealed') throw unreadable(orphan.file, issuer)
      if (orphan?.kind === 'opened') {
        const adopted = await replaceRecord(call, keeping, inputs, orphan.credentials)
        if (adopted !== 'gone') return { id: adopted.clientId, outputs: adopted }
        await journal.remove(keeping.subject)
      }

      const answer = await registerClient(endpoint, sealedWith, toMetadata(inputs), call.signal)
      const made = toOutputs(inputs, toCredentials(answer), answer)
      const outputs = await settle(made, describeAlteration(inputs, answer), async () => {
        if (sealedWith !== undefined) await journal.write(keeping.subject, sealedWith, made)
      })
      return { id: outputs.clientId, outputs }
    },

    async read(call, id, state, inputs) {
      const recorded = parseState(call.name, id, state)
      const { issuer, clientId, initialAccessToken: sealedWith } = recorded
      const known = await latestCredentials(journal, call.urn, recorded, [sealedWith])
      requireManaged(known)
      const answer = await readClient(known.registrationClientUri, known.registrationAccessToken, call.signal)
      const subject = { urn: call.urn, issuer, clientId }
      if (answer === 'gone') {
        await journal.remove(subject)
        return 'gone'
      }
      const credentials = toCredentials(answer, known)
      await keepRotation({ journal, subject, sealedWith }, known, credentials)
      const drift = findDrift(recorded, answer)
      const outputs = toOutputs({ ...inputsOf(recorded), ...drift }, credentials, answer)
      return { inputs: { ...inputs, ...drift }, outputs }
    },

    async update(call, id, state, properties) {
      const inputs = clientInputsSchema.parse(properties)
      const recorded = parseState(call.name, id, state)
      const { issuer, clientId } = recorded
      // The token that the state knows: should we die now, the next deployment opens the entry with that one.
      const sealedWith = recorded.initialAccessToken ?? inputs.initialAccessToken
      const known = await latestCredentials(journal, call.urn, recorded, [sealedWith, inputs.initialAccessToken])
      const keeping = { journal, subject: { urn: call.urn, issuer, clientId }, sealedWith }
      const updated = await replaceRecord(call, keeping, inputs, known)
      if (updated !== 'gone') return updated
      const text = `${known.registrationClientUri} knows no client ${clientId} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
      throw new ProviderError('registration_refused', text)
    },

    async delete(call, state) {
      const recorded = parseState(call.name, '', state)
      const { issuer, clientId, initialAccessToken } = recorded
      const known = await latestCredentials(journal, call.urn, recorded, [initialAccessToken])
      requireManaged(known)
      await deleteClient(known.registrationClientUri, known.registrationAccessToken, call.signal).catch(
        (error: unknown) => {
          // One that has moved or gone leaves nobody to ask.
          const isGone = error instanceof ProviderError && error.code === 'unreachable' && isShortLived(issuer)
          if (!isGone) throw error
        },
      )
      await journal.remove({ urn: call.urn, issuer, clientId })
    },
  }
}

function isOnThisMachine(issuer: string): boolean {
  return isLoopbackHost(new URL(issuer).hostname)
}

/** An update keeps the credentials known; the registration access token may be rotated by any answer. */
function planClient(inputs: Properties, state: Properties | undefined): Properties {
  const kept = given.map((name) => [name, state?.[name] ?? UNKNOWN])
  const known = Object.fromEntries(kept) as Properties
  return { ...inputs, ...known, registrationAccessToken: UNKNOWN }
}

function parseState(name: string, id: string, state: Properties): ClientState {
  const parsed = clientStateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: client ${id} cannot be taken over by its id, since only its registration access token opens its record (RFC 7592 §2)`
  throw new ProviderError('import_unsupported', text)
}

function unreadable(file: string, issuer: string): ProviderError {
  return new ProviderError(
    'journal_unreadable',
    `${file} tells of a client at ${issuer} that the state may not know, and the present initial access token does ` +
      'not open it: set the former token once more, or delete that client there and then this file',
  )
}
