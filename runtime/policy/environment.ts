import { Environment } from '@marcbachmann/cel-js'

/** What a rule may read. Every field is always there; what is not known is empty. */
export interface PolicyInput {
  user: {
    /** `Person.id`: made from issuer and subject. */
    id: string
    /** Set only when verified and inside the provider's allowed domains. */
    email: string
    name: string
    /** Groups of the identity that signed in, and of no other. */
    groups: readonly string[]
    /** The identity provider that signed the person in; `token-issuer:<id>` or `service-account:<id>` for a program. */
    provider: string
    /** `program` is one that has an identity of its own; one that a person signed in from the command line is that person. */
    kind: 'person' | 'program'
  }
  request: { method: string; path: string; host: string }
}

/** Bounds on one expression: checked when it is loaded, so that evaluating it is bounded too. */
const LIMITS = { maxAstNodes: 400, maxDepth: 32, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 }

/** The language of rules: CEL with the fields of {@link PolicyInput} and no others. */
export const environment = new Environment({ limits: LIMITS })
  .registerVariable({
    name: 'user',
    schema: {
      id: 'string',
      email: 'string',
      name: 'string',
      groups: 'list<string>',
      provider: 'string',
      kind: 'string',
    },
  })
  .registerVariable({ name: 'request', schema: { method: 'string', path: 'string', host: 'string' } })
