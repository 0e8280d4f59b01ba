import { number, optionalText, text } from './columns.ts'
import type { Row } from './database.ts'
import type {
  Authentication,
  Device,
  HandOver,
  HostSession,
  KeptBody,
  Person,
  RefreshState,
  Session,
} from '../store.ts'

/** A session as a row; what has parts of its own is JSON. */
export function sessionRow(session: Session): Row {
  return {
    id: session.id,
    brand: session.brand,
    identity_provider: session.identityProvider,
    issuer: session.issuer,
    subject: session.subject,
    sid: session.sid ?? null,
    person: JSON.stringify(session.person),
    authentication: JSON.stringify(session.authentication),
    sealed_tokens: session.sealedTokens,
    account_id: session.accountId,
    device: JSON.stringify(session.device),
    refresh: session.refresh ? JSON.stringify(session.refresh) : null,
    version: session.version,
    created_at: session.createdAt,
    seen_at: session.seenAt,
    expires_at: session.expiresAt,
  }
}

/** A row of `sessions` as a session. */
export function toSession(row: Row): Session {
  const authentication = JSON.parse(text(row, 'authentication')) as Authentication
  return {
    id: text(row, 'id'),
    brand: text(row, 'brand'),
    identityProvider: text(row, 'identity_provider'),
    issuer: text(row, 'issuer'),
    subject: text(row, 'subject'),
    sid: optionalText(row, 'sid'),
    person: toPerson(text(row, 'person')),
    authentication: { time: authentication.time, acr: authentication.acr, amr: authentication.amr },
    sealedTokens: text(row, 'sealed_tokens'),
    accountId: text(row, 'account_id'),
    device: JSON.parse(text(row, 'device')) as Device,
    refresh: toRefresh(optionalText(row, 'refresh')),
    version: number(row, 'version'),
    createdAt: number(row, 'created_at'),
    seenAt: number(row, 'seen_at'),
    expiresAt: number(row, 'expires_at'),
  }
}

/** Sessions of older versions have no claims, and do not say how they were read. */
function toPerson(json: string): Person {
  return { claims: {}, readAs: '', ...(JSON.parse(json) as Omit<Person, 'claims' | 'readAs'> & Partial<Person>) }
}

function toRefresh(json: string | undefined): RefreshState | undefined {
  if (json === undefined) return undefined
  const { dueAt, failsAt, startedAt, askedAs } = JSON.parse(json) as RefreshState
  return { dueAt, failsAt, startedAt, ...(askedAs === undefined ? {} : { askedAs }) }
}

/**
 * A host session's own columns beside those of its parent: `host_id`, `route`, `holder`, `host_expires_at`. In all tables the
 * column `route` holds the origin of the host, of which a route is only a part.
 */
export function toHostSession(row: Row): HostSession {
  return {
    id: text(row, 'host_id'),
    parentId: text(row, 'id'),
    origin: text(row, 'route'),
    holder: text(row, 'holder') as HostSession['holder'],
    expiresAt: row['host_expires_at'] === null ? undefined : number(row, 'host_expires_at'),
  }
}

/** A hand-over as a row. */
export function handOverRow(handOver: HandOver): Row {
  return {
    id: handOver.id,
    parent_id: handOver.parentId,
    brand: handOver.brand,
    route: handOver.origin,
    binding_hash: handOver.bindingHash,
    return_to: handOver.returnTo,
    expires_at: handOver.expiresAt,
  }
}

/** A row of `hand_overs` as a hand-over. */
export function toHandOver(row: Row): HandOver {
  return {
    id: text(row, 'id'),
    parentId: text(row, 'parent_id'),
    brand: text(row, 'brand'),
    origin: text(row, 'route'),
    bindingHash: text(row, 'binding_hash'),
    returnTo: text(row, 'return_to'),
    expiresAt: number(row, 'expires_at'),
  }
}

/** A kept body as a row. */
export function keptBodyRow(body: KeptBody): Row {
  return {
    id: body.id,
    route: body.origin,
    binding_hash: body.bindingHash,
    target: body.target,
    sealed_body: body.sealedBody,
    expires_at: body.expiresAt,
  }
}

/** A row of `kept_bodies` as a kept body. */
export function toKeptBody(row: Row): KeptBody {
  return {
    id: text(row, 'id'),
    origin: text(row, 'route'),
    bindingHash: text(row, 'binding_hash'),
    target: text(row, 'target'),
    sealedBody: text(row, 'sealed_body'),
    expiresAt: number(row, 'expires_at'),
  }
}
