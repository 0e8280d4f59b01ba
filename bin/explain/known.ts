import type { Person } from './question.ts'

/** Who is asked about, as the gateway would know them. */
export interface KnownSubject {
  person: Person
  /** As a rule reads it. */
  provider: string
  /** What was left out of what was said, or taken to be. */
  notes: string[]
}
