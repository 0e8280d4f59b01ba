import type { PolicyInput } from '../../runtime/policy/index.ts'

/** Parts of a {@link PolicyInput}; what is left out is Alice's, a person of `staff` who asks for `/`. */
export type PolicyInputChange = { [Part in keyof PolicyInput]?: Partial<PolicyInput[Part]> }

/** What a rule is asked about in tests. */
export function policyInput({ user, request, session }: PolicyInputChange = {}): PolicyInput {
  return {
    user: {
      id: 'alice',
      email: 'alice@acme.example',
      name: 'Alice',
      groups: ['staff', 'admins'],
      provider: 'acme',
      kind: 'person',
      claims: {},
      ...user,
    },
    request: {
      method: 'GET',
      path: '/',
      host: 'hello.acme.example',
      ip: '192.0.2.7',
      time: Date.parse('2026-03-02T10:30:00Z'),
      ...request,
    },
    session: { age: 60_000, acr: '', amr: [], provider: 'acme', ...session },
  }
}
