import { oneLine } from '../program/index.ts'
import type { Ability, OutageEvent } from '../store/index.ts'

/** What an outage of the store means to people, for whoever reads the log first. */
const MEANING: Readonly<Record<Ability, string>> = {
  write:
    'The store cannot be written: nobody can sign in or out; who is signed in goes on, and what was stored is kept',
  read: 'The store cannot be read: requests are refused until it can',
}

const OVER: Readonly<Record<Ability, string>> = {
  write: 'The store can be written again',
  read: 'The store can be read again',
}

/** One line for the log at the beginning of an outage, and one at its end, however many requests met it. */
export interface OutageLine {
  level: 'error' | 'info'
  fields: Record<string, unknown>
  text: string
}

/** Puts an event of a store into the words of the log. */
export function outageLine(event: OutageEvent): OutageLine {
  const { kind, ability } = event
  if (kind === 'began') {
    return { level: 'error', fields: { code: event.error.code, error: oneLine(event.error) }, text: MEANING[ability] }
  }
  const fields = { lastedMs: Math.round(event.lastedMs), failures: event.failures }
  return { level: 'info', fields, text: OVER[ability] }
}
