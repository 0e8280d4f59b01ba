import { createHash } from 'node:crypto'

import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Api } from './api.ts'

/**
 * How long a secret stays good beside its successor, in milliseconds. PingOne allows 30 days by its own clock.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/application-secret/update-application-secret.html
 */
const RETENTION_MS = 29 * 24 * 60 * 60 * 1000

const secretSchema = z.object({
  secret: z.string().min(1),
  previous: z.object({ secret: z.string().optional(), expiresAt: z.string().optional() }).optional(),
})

/** The secrets that are good for an application: never more than two. */
export interface Secrets {
  current: string
  previous: string | undefined
}

/**
 * @returns the secrets that an application can use now
 * @throws ProviderError `vendor_refused`, also when there is no such application
 */
export async function readSecrets(api: Api, applicationId: string): Promise<Secrets> {
  const found = await findSecrets(api, applicationId)
  if (found !== 'gone') return found
  throw new ProviderError('vendor_refused', `The environment has no application ${applicationId} any more`)
}

/** Like {@link readSecrets}, but says `gone` for an application that is gone. */
export async function findSecrets(api: Api, applicationId: string): Promise<Secrets | 'gone'> {
  const found = await api.get(pathOf(applicationId), secretSchema)
  return found === 'gone' ? 'gone' : toSecrets(found)
}

/**
 * Has PingOne make a new secret.
 * @param former whether the present one stays good for a while
 */
export async function renewSecret(api: Api, applicationId: string, former: 'keep' | 'end'): Promise<string> {
  const expiresAt = new Date(Date.now() + RETENTION_MS).toISOString()
  const body = former === 'keep' ? { previous: { expiresAt } } : {}
  return toSecrets(await api.post(pathOf(applicationId), body, secretSchema)).current
}

/** Ends the former secret before its time. */
export async function endPrevious(api: Api, applicationId: string): Promise<void> {
  await api.delete(pathOf(applicationId))
}

/** Names a secret without telling it: it is random, so that nobody finds it by trying. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function toSecrets({ secret, previous }: z.infer<typeof secretSchema>): Secrets {
  const isOver = previous?.expiresAt !== undefined && Date.parse(previous.expiresAt) <= Date.now()
  return { current: secret, previous: isOver ? undefined : previous?.secret }
}

function pathOf(applicationId: string): string {
  return `applications/${applicationId}/secret`
}
