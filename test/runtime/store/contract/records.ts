import type {
  Account,
  AuditEvent,
  HandOver,
  HostSession,
  Identity,
  KeptBody,
  Passkey,
  Session,
  Ticket,
} from '../../../../runtime/store/index.ts'

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
  accountId: '',
  device: { address: '192.0.2.7', userAgent: 'Browser/1.0' },
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

export const account: Account = {
  id: 'account-1',
  brand: 'default',
  status: 'active',
  origin: 'sign_in',
  email: 'alice@acme.example',
  profile: { name: 'Alice Ångström', username: 'alice', company: 'Acme' },
  ownFields: ['name'],
  groups: ['staff'],
  passwordHash: '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA',
  passwordChangedAt: 1_500,
  language: 'de',
  createdAt: 1_000,
  lastSignInAt: 2_000,
  version: 1,
}

/** With nothing that need not be there. */
export const invited: Account = {
  ...account,
  id: 'account-2',
  origin: 'invitation',
  email: '',
  profile: {},
  ownFields: [],
  groups: [],
  passwordHash: undefined,
  passwordChangedAt: undefined,
  language: '',
  lastSignInAt: undefined,
}

export const identity: Identity = {
  accountId: 'account-1',
  brand: 'default',
  identityProvider: 'acme',
  issuer: 'https://idp.acme.example',
  subject: 'alice',
  email: 'alice@acme.example',
  emailVerified: true,
  linkedAt: 1_000,
  lastUsedAt: 2_000,
}

export const passkey: Passkey = {
  id: 'passkey-1',
  accountId: 'account-1',
  brand: 'default',
  publicKey: 'cose',
  counter: 0,
  transports: ['internal', 'hybrid'],
  name: 'Phone',
  createdAt: 1_200,
  lastUsedAt: undefined,
}

export const ticket: Ticket = {
  id: 'ticket-1',
  kind: 'password_reset',
  brand: 'default',
  accountId: 'account-1',
  bindingHash: 'binding',
  sealed: 'k1.sealed',
  expiresAt: 2_000,
}

export const event: AuditEvent = {
  at: 1_000,
  brand: 'default',
  action: 'account.created',
  actor: 'account-1',
  account: 'account-1',
  address: '192.0.2.7',
  details: { provider: 'acme' },
}
