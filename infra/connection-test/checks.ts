import { ageInDays } from '../age.ts'
import { adviceFor } from './advice.ts'
import { refusedClientCause } from './cause.ts'
import type { ClientVerdict } from './client.ts'
import type { DeployedProvider, DeployedSecret } from './deployed.ts'
import type { DiscoveryResult } from './discovery.ts'
import type { ConnectionResult } from './run.ts'
import { describeOffers } from './offers.ts'
import type { Reach } from './token-endpoint.ts'
import type { CallbackVerdict } from './verdict.ts'

/** One line of a report. `wrong`: people cannot sign in. `due`: somebody has to do something soon. */
export interface Check {
  what: 'discovery' | 'callback' | 'client' | 'client secret' | 'clock' | 'tokens'
  state: 'good' | 'wrong' | 'unclear' | 'due'
  says: string
  /** What to do, in lines. */
  advice: string[]
}

/** What is said of one provider. */
export interface ProviderReport {
  id: string
  issuer: string
  checks: Check[]
}

/** What a result is judged by. */
export interface Circumstances {
  /** The stack's name. */
  stack: string
  /** Provider → how old its client secrets may become, in days; one that is not there has no limit. */
  maxAgeDays: Readonly<Record<string, number>>
  /** Milliseconds since 1970. */
  nowMs: number
}

/** Puts a result into words, for a reader who has never seen this project. */
export function describeConnection(result: ConnectionResult, circumstances: Circumstances): ProviderReport {
  const { id, issuer, discovery, deployed, callback, clients = [] } = result
  const callbacks = deployed && callback ? [callbackCheck(deployed, callback, circumstances.stack)] : []
  const secrets = (deployed?.secrets ?? []).map((secret) => secretCheck(id, secret, circumstances))
  const tokens = result.tokenEndpoint ? [tokensCheck(result.tokenEndpoint)] : []
  const told = clients.map((verdict) => clientCheck(verdict, deployed?.kind ?? ''))
  const first = discoveryCheck(discovery, deployed !== undefined)
  return { id, issuer, checks: [first, ...clockChecks(discovery), ...callbacks, ...tokens, ...told, ...secrets] }
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

function tokensCheck(reach: Reach): Check {
  const what = 'tokens'
  if (reach.reached) return { what, state: 'good', says: 'the token endpoint answers', advice: [] }
  const advice = reach.cause === undefined ? [] : [reach.cause]
  return { what, state: 'wrong', says: `the token endpoint gave no answer: ${reach.why}`, advice }
}

function clientCheck({ name, verdict, said }: ClientVerdict, kind: string): Check {
  const what = 'client'
  if (verdict === 'accepted') return { what, state: 'good', says: `the token endpoint takes "${name}"`, advice: [] }
  if (verdict === 'refused') {
    const says = `the token endpoint does not take "${name}": ${said}`
    return { what, state: 'wrong', says, advice: [refusedClientCause(said, kind)] }
  }
  return { what, state: 'unclear', says: `"${name}": it cannot be told from here: ${said}`, advice: [] }
}

function callbackCheck(deployed: DeployedProvider, verdict: CallbackVerdict, stack: string): Check {
  const [what, url] = ['callback', deployed.callbackUrl] as const
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
  const advice = adviceFor(verdict.part, deployed, stack)
  return { what, state: 'wrong', says: `${url} was refused: ${verdict.reason}`, advice }
}

function secretCheck(
  id: string,
  { name, provenAt }: DeployedSecret,
  { stack, maxAgeDays, nowMs }: Circumstances,
): Check {
  const what = 'client secret'
  const days = Math.max(0, ageInDays(provenAt, nowMs))
  const age = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`
  const says = `"${name}" was first taken on ${provenAt.slice(0, 10)}, ${age}`
  const most = maxAgeDays[id]
  if (most === undefined || days <= most) return { what, state: 'good', says, advice: [] }
  const confirmed = stack === 'local' ? '' : ' --yes'
  const advice = [`The stack file allows ${most} days: npm run rotate -- ${stack} ${id}${confirmed}`]
  return { what, state: 'due', says, advice }
}
