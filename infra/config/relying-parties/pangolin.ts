import * as z from 'zod'

import { scopes, secret } from '../fields.ts'
import { commonParty, publicUrl } from './common.ts'
import { expressionMistake } from './jmespath.ts'

/** JMESPath over the claims of an ID token; a mistake in one would only be seen when somebody signs in. */
const expression = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    const message = expressionMistake(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

/** Whom Pangolin takes into one of its organizations when they sign in, and as what. */
const organization = z
  .strictObject({
    /** Name of the role that everybody gets who comes in. */
    role: z.string().trim().min(1).optional(),
    /** Gives the name of a role, or a list of them, in the place of `role`. */
    roleMapping: expression.optional(),
    /** Who comes in: those for whom it gives `true` or the organization's id. Everybody who may sign in, where it is left out. */
    orgMapping: expression.optional(),
  })
  .refine(
    ({ role, roleMapping }) => (role === undefined) !== (roleMapping === undefined),
    'say as what people come in: either role, or roleMapping',
  )

/** As Pangolin spells their ids. */
const organizationId = z
  .string()
  .max(32)
  .regex(
    /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/,
    'use the id of the organization: lowercase letters, digits, underscores and dashes',
  )

/**
 * A Pangolin that runs already; `url` is that of its dashboard (`dashboard_url` in its configuration).
 * @see https://docs.pangolin.net/self-host/advanced/integration-api
 */
export const pangolin = z
  .strictObject({
    ...commonParty,
    kind: z.literal('pangolin'),
    url: publicUrl.refine(
      (text) => URL.parse(text)?.origin === text,
      'Pangolin has a host of its own: leave out the path',
    ),
    /** Its integration API, with the version at the end. */
    api: publicUrl.refine(
      (text) => /\/v\d+$/.test(text),
      'write it with its version, as https://api.pangolin.example/v1',
    ),
    /** A root key, which `docs/pangolin.md` says the permissions of. */
    credentials: z.strictObject({ apiKey: secret }),
    /** On the button of Pangolin's sign-in page; the identity provider's key where it is left out. */
    name: z.string().trim().min(1).optional(),
    scopes: scopes.default(['openid', 'profile', 'email']),
    /** What people are told apart by; `docs/pangolin.md` says what it is for which kind of provider. */
    identifierPath: expression.optional(),
    emailPath: expression.default('email'),
    namePath: expression.default('name'),
    /** Whether people get an account when they first sign in; else somebody has to enter them at Pangolin before. */
    autoProvision: z.boolean().default(false),
    /** By id. Those that are not here take nobody in. */
    organizations: z.record(organizationId, organization).default({}),
    /** What becomes of it at Pangolin when it leaves the stack: everybody who signed in by it loses their account there. */
    removal: z.enum(['allowed', 'protected', 'retained']).default('allowed'),
  })
  .refine(({ autoProvision, organizations }) => !autoProvision || Object.keys(organizations).length > 0, {
    path: ['organizations'],
    message: 'name one at least: with autoProvision, Pangolin turns away whoever no organization takes in',
  })

export type PangolinSettings = z.output<typeof pangolin>
