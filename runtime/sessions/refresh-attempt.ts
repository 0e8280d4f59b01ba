import { setTimeout as wait } from 'node:timers/promises'

import type { Logger } from 'pino'

import type { Sealer } from '../keys/index.ts'
import { oneLine } from '../program/index.ts'
import type { Provider, ProviderTokens, RefreshOutcome } from '../providers/index.ts'
import type { RefreshState, Session, SessionChange, Store } from '../store/index.ts'
import { judgeOutcome, sessionNeed, type Verdict } from './refresh-state.ts'
import { openTokens, sealTokens } from './tokens.ts'

/** No provider is waited for any longer, whatever it is asked, in milliseconds. */
const ASKED_AT_MOST_MS = 45_000
/** What a provider gave must not be lost to a store that fails for a moment: its old token may be worth nothing now. */
const FAILURES_AT_MOST = 5
/** Others may seal the session anew at the same time. */
const CONFLICTS_AT_MOST = 50
const WRITTEN_AGAIN_MS = 300

/** What refreshing works with. */
export interface RefreshDeps {
  store: Store
  sealer: Sealer
  providers: ReadonlyMap<string, Pick<Provider, 'refresh' | 'isIssuer' | 'readAs'>>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** `session.refreshGraceSeconds` of the configuration, in milliseconds. */
  graceMs: number
}

/** One attempt to get new tokens, begun under the session's lease. */
export interface Attempt {
  /** As it is in the store now. */
  session: Session
  provider: Pick<Provider, 'refresh'>
  /** Missing when no key of this replica opens them: another may have it. */
  tokens: ProviderTokens | undefined
  /** Without the time at which this attempt began: `startedAt` is that of somebody who never finished. */
  before: RefreshState
  startedAt: number
}

/** How an attempt ended, for the log: the verdict, or why there was nothing to write it to. */
export interface Conclusion {
  conclusion: Verdict['verdict'] | 'gone' | 'overtaken'
  /** Why the provider could not be asked. */
  reason?: string
}

/**
 * Reads the session again and notes in it that somebody asks now: if that is killed, the next to ask knows that the token
 * may be used up.
 * @returns nothing when there is nothing to ask any more
 */
export async function beginAttempt(deps: RefreshDeps, id: string): Promise<Attempt | undefined> {
  const { store, sealer, providers } = deps
  for (let conflicts = 0; conflicts < CONFLICTS_AT_MOST; conflicts += 1) {
    const session = await store.findSession(id)
    const startedAt = Date.now()
    const provider = session && providers.get(session.identityProvider)
    if (!session?.refresh || !provider) return undefined
    const { readAs } = provider
    const need = sessionNeed(session, readAs, startedAt)
    if (need === 'none' || need === 'over') return undefined
    // Due by now in any case: one that is asked for ahead of its time, and whose asker is killed, is asked for again.
    const before = { ...session.refresh, dueAt: Math.min(session.refresh.dueAt, startedAt), askedAs: readAs }
    const refresh = { ...before, startedAt }
    if (!(await store.updateSession(id, session.version, { refresh }))) continue
    const tokens = openTokens(sealer, session)
    return { session: { ...session, refresh, version: session.version + 1 }, provider, tokens, before, startedAt }
  }
  return undefined
}

/** @returns what the provider said; `unreachable` also where it said nothing in time, or something that nobody expected */
export async function askProvider({ provider, tokens, session }: Attempt): Promise<RefreshOutcome> {
  if (!tokens)
    return { outcome: 'unreachable', reason: 'its tokens are sealed under a key that is not here', processed: 'no' }
  const late = new AbortController()
  try {
    return await Promise.race([
      provider.refresh(tokens, session),
      wait(ASKED_AT_MOST_MS, { outcome: 'unreachable', reason: 'no answer in time' } as const, { signal: late.signal }),
    ])
  } catch (error) {
    return { outcome: 'unreachable', reason: oneLine(error) }
  } finally {
    late.abort()
  }
}

/** Writes down what follows from the provider's answer, in one step. */
export async function concludeAttempt(
  deps: RefreshDeps,
  attempt: Attempt,
  outcome: RefreshOutcome,
): Promise<Conclusion> {
  const { before, startedAt, session } = attempt
  const verdict = judgeOutcome(outcome, before, { startedAt, now: Date.now(), graceMs: deps.graceMs })
  const reason = outcome.outcome === 'unreachable' ? { reason: outcome.reason } : {}
  if (verdict.verdict === 'ended') {
    const now = await deps.store.findSession(session.id)
    if (!now) return { conclusion: 'gone' }
    // Somebody else has asked meanwhile, and the provider's word to them is newer.
    if (now.refresh?.startedAt !== startedAt) return { conclusion: 'overtaken' }
    await deps.store.deleteSession(session.id)
    return { conclusion: 'ended' }
  }
  const change: SessionChange = { refresh: verdict.refresh }
  if (outcome.outcome === 'renewed') {
    change.person = outcome.person
    change.authentication = outcome.authentication
    change.sealedTokens = sealTokens(deps.sealer, session.id, outcome.tokens)
  }
  const written = await write(deps, attempt, change)
  return { conclusion: written === 'written' ? verdict.verdict : written, ...reason }
}

/** Also when the session was sealed anew meanwhile; not when somebody else has begun to ask, whose word is newer. */
async function write(deps: RefreshDeps, { session, startedAt }: Attempt, change: SessionChange) {
  let failure: unknown
  let [failures, conflicts] = [0, 0]
  let now: Session | undefined = session
  while (failures < FAILURES_AT_MOST && conflicts < CONFLICTS_AT_MOST) {
    try {
      if (!now) return 'gone'
      if (now.refresh?.startedAt !== startedAt) return 'overtaken'
      if (await deps.store.updateSession(session.id, now.version, change)) return 'written'
      conflicts += 1
      now = await deps.store.findSession(session.id)
    } catch (error) {
      failure = error
      failures += 1
      await wait(WRITTEN_AGAIN_MS)
    }
  }
  throw new Error('the new tokens of a session could not be written', { cause: failure })
}
