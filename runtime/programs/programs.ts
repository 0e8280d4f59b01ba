import type { RouteConfig, RuntimeConfig } from '../config.ts'
import { type Subject, subjectOfSession } from '../identity/index.ts'
import { Refusal } from '../refusal.ts'
import type { Sessions } from '../sessions/index.ts'
import { CLI_PREFIX, readAuthorization, SERVICE_ACCOUNT_PREFIX } from './authorization-header.ts'
import type { FetchKeys } from './issuer-keys.ts'
import { createServiceAccounts } from './service-accounts.ts'
import { createTokenIssuers } from './token-issuers.ts'

export interface ProgramsDependencies {
  /** Where tokens of the command-line sign-in are found. */
  sessions: Pick<Sessions, 'findForProgram' | 'peekForProgram'>
  /** `boundedFetch`, by which issuers' keys are had. */
  fetch: FetchKeys
}

/** Recognises programs by their bearer tokens (RFC 6750 §2.1; never from a body or an address, §2.2, §2.3). */
export interface Programs {
  /**
   * @param route that the request is for; public ones need not be asked about
   * @param authorization the field's value
   * @returns nothing where there is no token for us: the field is then the app's own, and a session may count
   * @throws Refusal `token_invalid`, `groups_incomplete`, `provider_unreachable`; the store's own error
   */
  authenticate: (
    route: { id: string; origin: string; config: RouteConfig },
    authorization: string | undefined,
  ) => Promise<Subject | undefined>
  /** Like `authenticate`, without counting as a use of a person's session. */
  peek: Programs['authenticate']
}

/**
 * One for each release of the configuration: a token that is not in it any more is refused at once.
 * @throws Error for a service account that cannot be used
 */
export function createPrograms(
  config: Pick<RuntimeConfig, 'tokenIssuers' | 'serviceAccounts'>,
  { sessions, fetch }: ProgramsDependencies,
): Programs {
  const serviceAccounts = createServiceAccounts(config.serviceAccounts)
  const tokenIssuers = createTokenIssuers(config.tokenIssuers, fetch)
  const recognise =
    (findSession: Sessions['findForProgram']): Programs['authenticate'] =>
    async ({ id, origin, config: route }, authorization) => {
      const presented = readAuthorization(authorization, route.bearer.length > 0)
      if (presented.kind === 'none') return undefined
      if (presented.kind === 'malformed') throw new Refusal('token_invalid', presented.reason)
      const { token } = presented
      if (token.startsWith(SERVICE_ACCOUNT_PREFIX)) return serviceAccounts.authenticate(token, id)
      if (!token.startsWith(CLI_PREFIX)) return tokenIssuers.authenticate(token, route.bearer)
      const session = await findSession(token.slice(CLI_PREFIX.length), origin, route)
      if (!session)
        throw new Refusal(
          'token_invalid',
          'a command-line token was refused: it is over, of another host, or not what the route takes',
        )
      return subjectOfSession(session)
    }
  return { authenticate: recognise(sessions.findForProgram), peek: recognise(sessions.peekForProgram) }
}
