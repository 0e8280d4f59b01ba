import type { AccountStore, AuditEntry, AuditEvent, AuditFilter } from '../accounts.ts'
import { number, optionalText, text } from './columns.ts'
import { type Database, insertInto, type Row, type Statement } from './database.ts'
import { type Condition, equals, type Listing, pageOf, pageStatement } from './pages.ts'

type AuditMethods = Pick<AccountStore, 'recordAudit' | 'listAudit'>

/** The log of what was done; triggers keep everybody from changing what stands in it. */
export function auditMethods(database: Database): AuditMethods {
  const { schema } = database.dialect
  return {
    async recordAudit(events) {
      if (events.length > 0) await database.runTogether(events.map((event) => auditStatement(schema, event)))
    },
    listAudit: (filter, limit, after) =>
      pageOf(database, auditListing(schema), auditListStatement(schema, filter, limit, after), limit, toAuditEntry),
  }
}

/** Adds an event to the log. */
export function auditStatement(schema: string, event: AuditEvent): Statement {
  return insertInto(`${schema}audit`, auditRow(event))
}

/** One part of the log. */
export function auditListStatement(schema: string, filter: AuditFilter, limit: number, after?: string): Statement {
  const { brand, action, actor, account, from, to } = filter
  const conditions: Condition[] = [
    ...equals('brand', brand),
    ...equals('action', action),
    ...equals('actor', actor),
    ...equals('account_id', account),
    ...(from === undefined ? [] : [{ sql: 'happened_at >= ?', values: [from] }]),
    ...(to === undefined ? [] : [{ sql: 'happened_at <= ?', values: [to] }]),
  ]
  return pageStatement(auditListing(schema), conditions, limit, after)
}

function auditListing(schema: string): Listing {
  return { table: `${schema}audit`, time: 'happened_at', key: 'sequence', keyIs: 'number' }
}

function auditRow(event: AuditEvent): Row {
  return {
    happened_at: event.at,
    brand: event.brand,
    action: event.action,
    actor: event.actor,
    account_id: event.account ?? null,
    address: event.address,
    details: JSON.stringify(event.details),
  }
}

function toAuditEntry(row: Row): AuditEntry {
  return {
    sequence: number(row, 'sequence'),
    at: number(row, 'happened_at'),
    brand: text(row, 'brand'),
    action: text(row, 'action'),
    actor: text(row, 'actor'),
    account: optionalText(row, 'account_id'),
    address: text(row, 'address'),
    details: JSON.parse(text(row, 'details')) as AuditEntry['details'],
  }
}
