import type { AccountStore, Ticket, TicketKind } from '../accounts.ts'
import { number, optionalText, text } from './columns.ts'
import { changedBy, type Database, insertInto, type Row, rowOf } from './database.ts'

type TicketMethods = Pick<AccountStore, 'insertTicket' | 'findTicket' | 'takeTicket'>

/** What somebody can do once. */
export function ticketMethods(database: Database): TicketMethods {
  const { schema, keepRows } = database.dialect
  const table = `${schema}tickets`
  return {
    async insertTicket(ticket) {
      if (ticket.accountId === undefined) return void (await database.run(insertInto(table, ticketRow(ticket))))
      const { id, kind, brand, bindingHash, sealed, expiresAt } = ticket
      const sql = `INSERT INTO ${table} (id, kind, brand, binding_hash, sealed, expires_at, account_id)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
          id FROM ${schema}accounts WHERE id = $7 AND brand = $3 ${keepRows}`
      await changedBy(database, sql, id, kind, brand, bindingHash ?? null, sealed, expiresAt, ticket.accountId)
    },
    async findTicket(kind, id, now) {
      const sql = `SELECT * FROM ${table} WHERE id = $1 AND kind = $2 AND expires_at > $3`
      const row = await rowOf(database, sql, id, kind, now)
      return row && toTicket(row)
    },
    async takeTicket(kind, id, now) {
      // An expired one is removed all the same; it is only not given out.
      const row = await rowOf(database, `DELETE FROM ${table} WHERE id = $1 AND kind = $2 RETURNING *`, id, kind)
      return row && number(row, 'expires_at') > now ? toTicket(row) : undefined
    },
  }
}

function ticketRow(ticket: Ticket): Row {
  return {
    id: ticket.id,
    kind: ticket.kind,
    brand: ticket.brand,
    account_id: ticket.accountId ?? null,
    binding_hash: ticket.bindingHash ?? null,
    sealed: ticket.sealed,
    expires_at: ticket.expiresAt,
  }
}

function toTicket(row: Row): Ticket {
  return {
    id: text(row, 'id'),
    kind: text(row, 'kind') as TicketKind,
    brand: text(row, 'brand'),
    accountId: optionalText(row, 'account_id'),
    bindingHash: optionalText(row, 'binding_hash'),
    sealed: text(row, 'sealed'),
    expiresAt: number(row, 'expires_at'),
  }
}
