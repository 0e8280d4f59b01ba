import { adviceFor, type RefusedClient } from './advice.ts'
import { refusedClientCause } from './cause.ts'
import type { DiscoveryResult } from './discovery.ts'
import { describeOffers } from './offers.ts'
import type { CredentialVerdict } from '../providers/index.ts'
import type { ConnectionFindings } from './run.ts'
import type { Reached } from './token-endpoint.ts'
import type { CallbackVerdict } from './verdict.ts'

/** One line of a report. `wrong`: people cannot sign in. `due`: somebody has to do something soon. */
export interface Check {
  what: 'discovery' | 'callback' | 'client' | 'client secret' | 'clock' | 'tokens'
  state: 'good' | 'wrong' | 'unclear' | 'due'
  says: string
  /** What to do, in lines. */
  advice: string[]
}

/**
 * Puts findings into words, for a reader who has never seen this project.
 * @param client undefined where the stack is not deployed with this issuer
 * @param stack its name, for commands
 */
export function describeFindings(
  { discovery, callback, tokenEndpoint, clients = [] }: ConnectionFindings,
  client: RefusedClient | undefined,
  stack: string,
): Check[] {
  return [
    discoveryCheck(discovery, client !== undefined),
    ...clockChecks(discovery),
    ...(client && callback ? [callbackCheck(client, callback, stack)] : []),
    ...(tokenEndpoint ? [tokensCheck(tokenEndpoint)] : []),
    ...clients.map((verdict) => clientCheck(verdict, client?.kind ?? '')),
  ]
}

function discoveryCheck(result: DiscoveryResult, isDeployed: boolean): Check {
  const { problems, causes = [], latencyMs, signingKeys, offers } = result
  const what = 'discovery'
  if (problems.length > 0) return { what, state: 'wrong', says: problems.join('; '), advice: causes }
  const keys = signingKeys === undefined ? [] : [`${signingKeys} signing ${signingKeys === 1 ? 'key' : 'keys'}`]
  const only = isDeployed ? [] : ['no more was asked, because the stack is not deployed with this issuer yet']
  return {
    what,
    state: 'good',
    says: [`answered in ${latencyMs} ms`, ...keys, ...(offers ? describeOffers(offers) : []), ...only].join('; '),
    advice: [],
  }
}

/** Tokens that seem to come from the future, or to have ended, are refused beyond this, in seconds. */
const TOLERATED_SKEW = 60
/** What the way of an answer, and a time in whole seconds, may account for. */
const NOTICED_SKEW = 10

function clockChecks({ skewSeconds }: DiscoveryResult): Check[] {
  if (skewSeconds === undefined || Math.abs(skewSeconds) <= NOTICED_SKEW) return []
  const direction = skewSeconds > 0 ? 'ahead of' : 'behind'
  const says = `its clock is ${Math.abs(skewSeconds)} seconds ${direction} that of this machine`
  const advice = ['Is the time of this machine set by NTP? Its tokens are refused when the two are a minute apart.']
  return [{ what: 'clock', state: Math.abs(skewSeconds) > TOLERATED_SKEW ? 'wrong' : 'due', says, advice }]
}

function tokensCheck(reached: Reached): Check {
  const what = 'tokens'
  if (reached.reached) return { what, state: 'good', says: 'the token endpoint answers', advice: [] }
  const advice = reached.cause === undefined ? [] : [reached.cause]
  return { what, state: 'wrong', says: `the token endpoint gave no answer: ${reached.why}`, advice }
}

function clientCheck({ name, verdict, said }: CredentialVerdict, kind: string): Check {
  const what = 'client'
  if (verdict === 'accepted') return { what, state: 'good', says: `the token endpoint takes "${name}"`, advice: [] }
  if (verdict === 'refused') {
    const says = `the token endpoint does not take "${name}": ${said}`
    return { what, state: 'wrong', says, advice: [refusedClientCause(said, kind)] }
  }
  return { what, state: 'unclear', says: `"${name}": it cannot be told from here: ${said}`, advice: [] }
}

function callbackCheck(client: RefusedClient, verdict: CallbackVerdict, stack: string): Check {
  const [what, url] = ['callback', client.callbackUrl] as const
  if (verdict.verdict === 'accepted') {
    return { what, state: 'good', says: `${url} is registered: ${verdict.reason}`, advice: [] }
  }
  if (verdict.verdict === 'cannot-tell') {
    return {
      what,
      state: 'unclear',
      says: `${url}: it cannot be told from here, because ${verdict.reason}`,
      advice: [],
    }
  }
  const advice = adviceFor(verdict.part, client, stack)
  return { what, state: 'wrong', says: `${url} was refused: ${verdict.reason}`, advice }
}
