import type { ClaimValue, PolicyInput } from '../policy/index.ts'
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
  /** What the identity provider's `claims` keeps; a program has none. */
  claims: Readonly<Record<string, ClaimValue>>
  /** How the person signed in; a program of its own did not. */
  session: SubjectSession | undefined
  /** Changes whenever anything above does: what is made from a subject is cached under it. Never the token itself. */
  key: string
}

/** How somebody signed in. */
export interface SubjectSession {
  /** Of the parent session; for us alone. */
  id: string
  /** When a credential was shown, milliseconds since 1970; 0 where the provider does not say. */
  authenticatedAt: number
  /** Empty where the provider does not say. */
  acr: string
  amr: readonly string[]
}

/** The person behind a live session. */
export function subjectOfSession({
  id: sessionId,
  version,
  person,
  identityProvider,
  authentication,
}: Pick<Session, 'id' | 'version' | 'person' | 'identityProvider' | 'authentication'>): Subject {
  const { id, email, name, groups, claims } = person
  const { time: authenticatedAt, acr = '', amr } = authentication
  return {
    id,
    email,
    name,
    groups,
    provider: identityProvider,
    kind: 'person',
    claims,
    session: { id: sessionId, authenticatedAt, acr, amr },
    key: `${sessionId} ${version}`,
  }
}

/** A program that has an identity of its own: no address, no claims, no session. */
export function subjectOfProgram(program: Pick<Subject, 'id' | 'name' | 'groups' | 'provider' | 'key'>): Subject {
  return { ...program, email: '', kind: 'program', claims: {}, session: undefined }
}

/**
 * What a rule is asked about.
 * @param request its `path` is the canonical one, its `ip` that of the client, empty where it is not known
 */
export function policyInput(subject: Subject, request: PolicyInput['request']): PolicyInput {
  const { session, provider } = subject
  return {
    user: subject,
    request,
    session: session
      ? { age: request.time - session.authenticatedAt, acr: session.acr, amr: session.amr, provider }
      : { acr: '', amr: [], provider: '' },
  }
}
