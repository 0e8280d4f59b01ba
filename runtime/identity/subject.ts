import type { Session } from '../store/index.ts'

/** Who a request is from, once that is settled: what a rule, the assertion and the log need to know. */
export interface Subject {
  /** Stable and unique over people and programs; made from issuer and subject, never from an address. */
  id: string
  /** Empty unless verified and inside the provider's allowed domains; a program has none. */
  email: string
  name: string
  groups: readonly string[]
  /**
   * The identity provider that signed the person in; for a program `token-issuer:<id>` or `service-account:<id>`, which no
   * provider can be called.
   */
  provider: string
  /** A person who signed in, also where a program of theirs asks with a token that they gave it; or a program of its own. */
  kind: 'person' | 'program'
  /** Changes whenever anything above does: what is made from a subject is cached under it. Never the token itself. */
  key: string
}

/** The person behind a live session. */
export function subjectOfSession({ id: sessionId, version, person, identityProvider }: Session): Subject {
  const { id, email, name, groups } = person
  return { id, email, name, groups, provider: identityProvider, kind: 'person', key: `${sessionId} ${version}` }
}
