import type { HandOver, HostSession, KeptBody, Session } from '../../../../runtime/store/index.ts'

/** Records that tests vary. */
export const session: Session = {
  id: 'session-1',
  brand: 'default',
  identityProvider: 'acme',
  issuer: 'https://idp.acme.example',
  subject: 'alice',
  sid: undefined,
  person: {
    id: 'person-1',
    email: 'alice@acme.example',
    name: 'Alice',
    groups: ['staff'],
    claims: {},
    readAs: 'read-as',
  },
  authentication: { time: 900, acr: 'urn:acme:mfa', amr: ['pwd', 'otp'] },
  sealedTokens: 'k1.sealed',
  refresh: { dueAt: 2_000, failsAt: 3_000, startedAt: undefined, askedAs: 'read-as' },
  version: 1,
  createdAt: 1_000,
  seenAt: 1_000,
  expiresAt: 9_000,
}

export const hostSession: HostSession = {
  id: 'host-1',
  parentId: 'session-1',
  origin: 'https://hello.acme.example',
  holder: 'browser',
  expiresAt: undefined,
}

export const handOver: HandOver = {
  id: 'code-1',
  parentId: 'session-1',
  brand: 'default',
  origin: 'https://hello.acme.example',
  bindingHash: 'binding',
  returnTo: '/a?b=c',
  expiresAt: 2_000,
}

export const keptBody: KeptBody = {
  id: 'body-1',
  origin: 'https://hello.acme.example',
  bindingHash: 'binding',
  target: '/a?b=c',
  sealedBody: 'k1.sealed',
  expiresAt: 2_000,
}
