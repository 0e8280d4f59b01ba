import type { z } from 'zod'

import { digest, newOpaqueValue, readOwnCookies } from '../../sessions/index.ts'
import type { Ticket, TicketKind } from '../../store/index.ts'
import { isBoundTo } from '../binding.ts'
import type { AuthenticateContext } from '../context.ts'

/** Something that somebody can do once, and what has to be known then. */
export interface Step<Payload> {
  /** Digest of the value. */
  id: string
  /** What stands in the link or in the page's addresses; only its digest is kept. */
  value: string
  accountId: string | undefined
  bindingHash: string | undefined
  payload: Payload
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** In place of a request whose browser was found to be the right one before: a provider's POST brings no cookie of ours along. */
export type Asker = Request | 'known_browser'

/** What is needed to keep a step. */
export interface NewStep<Payload> {
  brand: string
  payload: Payload
  /** Whom it is about, where that is known: it ends with the account. */
  accountId?: string | undefined
  /** Of the one browser that may go on; left out where any may, as with a link in a mail. */
  bindingHash?: string | undefined
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** One kind of step: kept sealed, read by its schema, for its brand and browser alone, and only until it expires. */
export interface StepKind<Payload> {
  /** @returns the value that opens it */
  keep(context: StepContext, step: NewStep<Payload>): Promise<string>
  /** Looks without using it up. */
  find(context: StepContext, brand: string, value: string | null, asker: Asker): Promise<Step<Payload> | undefined>
  /** Uses it up: of any number of callers, one gets it. */
  take(context: StepContext, brand: string, value: string | null, asker: Asker): Promise<Step<Payload> | undefined>
}

type StepContext = Pick<AuthenticateContext, 'store' | 'sealer'>

/** More than 256 bits in base64url need not be looked up. */
const MAX_VALUE = 64

/**
 * @param kind under which the store keeps it
 * @param schema read again after unsealing: a key may have outlived the shape
 */
export function stepKind<Schema extends z.ZodType>(kind: TicketKind, schema: Schema): StepKind<z.infer<Schema>> {
  type Payload = z.infer<Schema>

  function read(
    { sealer }: StepContext,
    ticket: Ticket | undefined,
    expected: { brand: string; value: string; asker: Asker },
  ): Step<Payload> | undefined {
    if (!ticket || ticket.brand !== expected.brand || !mayGoOn(ticket, expected.asker)) return undefined
    const plain = sealer.open(kind, ticket.id, ticket.sealed)
    const payload = plain === undefined ? undefined : schema.safeParse(JSON.parse(plain))
    if (!payload?.success) return undefined
    const { id, accountId, bindingHash, expiresAt } = ticket
    return { id, value: expected.value, accountId, bindingHash, payload: payload.data, expiresAt }
  }

  async function find(context: StepContext, brand: string, value: string | null, asker: Asker) {
    if (value === null || value.length > MAX_VALUE) return undefined
    const ticket = await context.store.findTicket(kind, digest(value), Date.now())
    return read(context, ticket, { brand, value, asker })
  }

  return {
    find,
    async keep({ store, sealer }, { brand, payload, accountId, bindingHash, expiresAt }) {
      const value = newOpaqueValue()
      const id = digest(value)
      const sealed = sealer.seal(kind, id, JSON.stringify(payload))
      await store.insertTicket({ id, kind, brand, accountId, bindingHash, sealed, expiresAt })
      return value
    },
    async take(context, brand, value, asker) {
      // A stranger with the value must not use it up: whose it is is settled before.
      const found = await find(context, brand, value, asker)
      const taken = found && (await context.store.takeTicket(kind, found.id, Date.now()))
      return taken && found
    },
  }
}

function mayGoOn({ bindingHash }: Ticket, asker: Asker): boolean {
  if (bindingHash === undefined || asker === 'known_browser') return true
  return isBoundTo(readOwnCookies(asker.headers.get('cookie')), bindingHash)
}
