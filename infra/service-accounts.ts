import * as pulumi from '@pulumi/pulumi'

import type { RuntimeConfig } from '../runtime/config.ts'
import { type ServiceAccountSettings } from './config/index.ts'
import { mapValues } from './map-values.ts'
import type { ServiceAccountOutput } from './outputs.ts'
import { ServiceToken } from './provider/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** From when on a preview says that a token is about to expire. */
const NOTICE_DAYS = 14

/** A service account with its tokens. */
export interface ServiceAccount {
  settings: ServiceAccountSettings
  /** As in the stack file. */
  tokens: { name: string; token: ServiceToken }[]
}

/**
 * Makes the tokens of the stack's service accounts, and says in a preview which of them are about to expire.
 * @param name of the gateway
 */
export function makeServiceAccounts(
  name: string,
  accounts: Readonly<Record<string, ServiceAccountSettings>>,
  parent: pulumi.Resource,
): Record<string, ServiceAccount> {
  return mapValues({ ...accounts }, (settings, id) => ({
    settings,
    tokens: settings.tokens.map((tokenName) => {
      const args = { prefix: `gws_${id}_${tokenName}`, expiresInDays: settings.expiresInDays }
      // A dot, which no id has, keeps the two names apart.
      const token = new ServiceToken(`${name}-service-token-${id}.${tokenName}`, args, { parent })
      warnWhenDue(`${id}’s token "${tokenName}"`, token)
      return { name: tokenName, token }
    }),
  }))
}

/** What the runtime is told: no token, only by what it is known again. */
export function serviceAccountConfig(
  accounts: Record<string, ServiceAccount>,
): pulumi.Output<RuntimeConfig['serviceAccounts']> {
  return pulumi.output(
    mapValues(accounts, ({ settings, tokens }, id) => ({
      name: settings.name ?? id,
      groups: settings.groups,
      routes: settings.routes,
      tokens: tokens.map(({ name, token: { hash, expiresAt } }) => ({ name, hash, expiresAt })),
    })),
  )
}

/** The tokens themselves: account → name → token. Secret as a whole. */
export function serviceTokens(
  accounts: Record<string, ServiceAccount>,
): pulumi.Output<Record<string, Record<string, string>>> {
  const values = mapValues(accounts, ({ tokens }) =>
    Object.fromEntries(tokens.map(({ name, token }) => [name, token.value])),
  )
  return pulumi.secret(pulumi.output(values))
}

/** What may be read by everybody: account → where it may go, and until when (ISO 8601, in UTC). */
export function describePrograms(
  accounts: Record<string, ServiceAccount>,
): pulumi.Output<Record<string, ServiceAccountOutput>> {
  return pulumi.output(
    mapValues(accounts, ({ settings, tokens }, id) => ({
      name: settings.name ?? id,
      groups: settings.groups,
      routes: settings.routes,
      tokens: Object.fromEntries(
        tokens.map(({ name, token }) => [name, token.expiresAt.apply((at) => new Date(at).toISOString())]),
      ),
    })),
  )
}

/**
 * Says of a token that has expired or is about to.
 * @param expiresAt and now: milliseconds since 1970
 * @returns undefined while there is time
 */
export function expiryWarning(what: string, expiresAt: number, now: number): string | undefined {
  const days = Math.floor((expiresAt - now) / DAY_MS)
  if (days > NOTICE_DAYS) return undefined
  const when = expiresAt <= now ? 'has expired' : days < 1 ? 'expires today' : `expires in ${days} days`
  return `${what} ${when}: put another name before it in tokens, deploy, give the new one to the program, take the old name out`
}

function warnWhenDue(what: string, token: ServiceToken): void {
  token.expiresAt.apply(async (expiresAt) => {
    // Not known while the token itself is only previewed.
    const text = typeof expiresAt === 'number' ? expiryWarning(what, expiresAt, Date.now()) : undefined
    if (text !== undefined) await pulumi.log.warn(text, token)
  })
}
