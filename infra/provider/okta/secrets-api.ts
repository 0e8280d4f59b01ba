import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { type Pause, type RestAnswer, restRequest } from '../rest.ts'
import { isStranger, type ListedSecret, type Step } from './slots.ts'

/** How many requests that change something are sent for one secret at most. */
const MAX_STEPS = 8
/** How many of them may end without an answer: whether they did their work, the next list tells. */
const MAX_UNANSWERED = 2

/** The client whose secrets are meant, and how to reach it. */
export interface SecretsAt {
  orgUrl: string
  apiToken: string
  appId: string
  /** Of the secret that is at work; no error may repeat it. */
  value: string
}

const secretSchema = z.looseObject({
  id: z.string().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  client_secret: z.string().optional(),
  created: z.string().default('an unknown time'),
})

/**
 * Takes step after step, with a look at the client's secrets before each, until there is none left.
 * @param next decides over all secrets of the client
 * @returns the id of the secret that `next` is done with, or `gone` when there is no such client
 * @throws ProviderError `credential_slots_taken`, `vendor_refused`, `unreachable`
 */
export async function settleSecrets(
  at: SecretsAt,
  next: (listed: readonly ListedSecret[]) => Step,
  signal: AbortSignal,
  pause?: Pause,
): Promise<{ secretId: string } | 'gone'> {
  let created: ListedSecret | undefined
  let unanswered = 0
  for (let steps = 0; steps <= MAX_STEPS; steps += 1) {
    const listed = await listSecrets(at, signal, pause)
    if (listed === 'gone') return 'gone'
    const step = next(withCreated(listed, created))
    if (step.kind === 'done') return { secretId: step.secretId }
    if (step.kind === 'taken') throw slotsTaken(at, step.by)
    try {
      created = (await takeStep(at, step, signal, pause)) ?? created
    } catch (error) {
      unanswered += 1
      const mayHaveWorked = error instanceof ProviderError && error.code === 'unreachable'
      if (!mayHaveWorked || unanswered > MAX_UNANSWERED) throw error
    }
  }
  const text = `The secrets of app ${at.appId} at ${at.orgUrl} change under our hands: is another deployment at work there?`
  throw new ProviderError('vendor_refused', text)
}

/** @returns `gone` when there is no such client */
export async function listSecrets(at: SecretsAt, signal: AbortSignal, pause?: Pause): Promise<ListedSecret[] | 'gone'> {
  const url = secretsUrl(at)
  const answer = await send(at, { method: 'GET', url, signal, pause })
  if (saysNotFound(answer)) return 'gone'
  const parsed = z.array(secretSchema).safeParse(answer.body)
  if (answer.status !== 200 || !parsed.success) throw refused('list the client secrets at', url, answer, at)
  return parsed.data.map(toListed)
}

/** A list may be older than a create that was answered; to create once more would fill the second slot. */
function withCreated(listed: readonly ListedSecret[], created: ListedSecret | undefined): readonly ListedSecret[] {
  return !created || listed.some(({ id }) => id === created.id) ? listed : [...listed, created]
}

type ChangingStep = Exclude<Step, { kind: 'done' | 'taken' }>

/** @returns the secret, where one was created */
async function takeStep(
  at: SecretsAt,
  step: ChangingStep,
  signal: AbortSignal,
  pause: Pause | undefined,
): Promise<ListedSecret | undefined> {
  if (step.kind === 'create') {
    const url = secretsUrl(at)
    const answer = await send(at, {
      method: 'POST',
      url,
      signal,
      pause,
      body: { client_secret: at.value, status: 'ACTIVE' },
    })
    const parsed = secretSchema.safeParse(answer.body)
    if (answer.status !== 201 || !parsed.success) throw refused('create a client secret at', url, answer, at)
    return { ...toListed(parsed.data), value: at.value }
  }
  const url = `${secretsUrl(at)}/${encodeURIComponent(step.secretId)}`
  const answer =
    step.kind === 'delete'
      ? await send(at, { method: 'DELETE', url, signal, pause })
      : await send(at, { method: 'POST', url: `${url}/lifecycle/${step.kind}`, signal, pause })
  const succeeded = answer.status === 200 || answer.status === 204 || saysNotFound(answer)
  if (!succeeded) throw refused(`${step.kind} the client secret`, url, answer, at)
  return undefined
}

interface Sending {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  signal: AbortSignal
  pause: Pause | undefined
  body?: object
}

function send({ apiToken, value }: SecretsAt, { pause, ...request }: Sending): Promise<RestAnswer> {
  const headers = { authorization: `SSWS ${apiToken}` }
  return restRequest({ ...request, headers, secrets: [apiToken, value] }, pause)
}

function secretsUrl({ orgUrl, appId }: SecretsAt): string {
  return `${orgUrl}/api/v1/apps/${encodeURIComponent(appId)}/credentials/secrets`
}

/** Okta's own word for "there is no such thing"; another 404 may come from anything on the way. */
function saysNotFound({ status, body }: RestAnswer): boolean {
  return status === 404 && (body as { errorCode?: unknown } | undefined)?.errorCode === 'E0000007'
}

function toListed({ id, status, created, client_secret: value }: z.infer<typeof secretSchema>): ListedSecret {
  return { id, status, created, value }
}

function refused(doing: string, url: string, answer: RestAnswer, { apiToken, value }: SecretsAt): ProviderError {
  return refusal(doing, url, answer, [apiToken, value])
}

function slotsTaken({ orgUrl, appId }: SecretsAt, by: readonly ListedSecret[]): ProviderError {
  const secrets = by.map((secret) => {
    const maker = isStranger(secret) ? 'not made by a stack' : 'made by a stack'
    return `${secret.id} of ${secret.created} (${maker})`
  })
  const text =
    `App ${appId} at ${orgUrl} has two secrets already, as many as Okta allows, and both may be in use: ` +
    `${secrets.join(', ')}. Deactivate the one that nothing uses in Okta's console (General, Client Credentials), and run the same command again`
  return new ProviderError('credential_slots_taken', text)
}
