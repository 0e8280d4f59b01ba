import { AUDIT_ACTIONS } from '../../accounts/index.ts'
import type { AuditFilter } from '../../store/index.ts'
import type { Visit } from '../visit.ts'

/** What stands in the address of a part of the log, as it was typed. */
export interface AuditQuery {
  action: string
  actor: string
  account: string
  /** `2026-07-01`, in UTC. */
  from: string
  to: string
}

const DAY_MS = 24 * 60 * 60_000
/** As long as an address may be; an id is shorter. */
const LONGEST = 254

/** Reads a filter; what cannot be one is left out, so that the page shows what it was filtered by. */
export function readAuditQuery(query: URLSearchParams): AuditQuery {
  const text = (name: string): string => (query.get(name) ?? '').trim().slice(0, LONGEST)
  const day = (name: string): string => (dayOf(text(name)) === undefined ? '' : text(name))
  const action = AUDIT_ACTIONS.find((known) => known === query.get('action')) ?? ''
  return { action, actor: text('actor'), account: text('account'), from: day('from'), to: day('to') }
}

/** Whether anything is filtered. */
export function isFiltered(query: AuditQuery): boolean {
  return Object.values(query).some((value) => value !== '')
}

/** The same for the store, for this brand alone. People may be named by their address. */
export async function auditFilterOf(visit: Visit, query: AuditQuery): Promise<AuditFilter> {
  const [actor, account] = await Promise.all([idOf(visit, query.actor), idOf(visit, query.account)])
  const [from, to] = [dayOf(query.from), dayOf(query.to)]
  return {
    brand: visit.brand.id,
    ...(query.action === '' ? {} : { action: query.action }),
    ...(actor === '' ? {} : { actor }),
    ...(account === '' ? {} : { account }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to: to + DAY_MS - 1 }),
  }
}

async function idOf({ context, brand }: Visit, typed: string): Promise<string> {
  if (!typed.includes('@')) return typed
  const found = await context.accounts.findByEmail(brand.id, typed)
  return found?.account.id ?? typed
}

/** @returns milliseconds since 1970, of the day's beginning in UTC */
function dayOf(text: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
