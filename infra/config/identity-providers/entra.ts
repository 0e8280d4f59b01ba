import * as z from 'zod'

import { publicOrigin, scopes, secret } from '../fields.ts'
import { secretAuthMethod } from './auth-method.ts'
import { accessGroups, registered } from './common.ts'

/** The addresses at which people of several tenants sign in. */
const SHARED = ['common', 'organizations'] as const

/** The tenant that Microsoft's personal accounts belong to, everywhere. */
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad'

const tenantId = z
  .string()
  .refine(
    (text) => z.guid().safeParse(text).success || (SHARED as readonly string[]).includes(text),
    'write the directory (tenant) ID, a GUID; or common or organizations, with tenants',
  )

/** @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc */
export const entra = z
  .strictObject({
    ...registered,
    ...accessGroups,
    kind: z.literal('entra'),
    /** Whose people sign in; `common` and `organizations` are for those of several tenants. */
    tenantId,
    /** Ids of the tenants whose people may sign in, where `tenantId` is no tenant. */
    tenants: z.array(z.guid()).min(1).optional(),
    /** Where the tenant signs people in; another one in national clouds. */
    authority: publicOrigin.default('https://login.microsoftonline.com'),
    /** `tenantId` is the tenant in which the application is made, where the provider's own is no tenant. */
    credentials: z.strictObject({ tenantId: z.guid().optional(), clientId: z.string().min(1), clientSecret: secret }),
    authMethod: secretAuthMethod(
      'Entra takes certificates, whose thumbprint an assertion has to name, and no plain keys',
    ),
    scopes: scopes.default(['openid', 'profile', 'email', 'offline_access']),
    /** Object ID of an app registration that exists, to take over instead of making one. */
    import: z.guid('write the Object ID of the app registration, a GUID').optional(),
    /** Makes an application that may read users and groups, and nothing else. */
    directory: z.boolean().default(false),
  })
  .superRefine((settings, context) => {
    const mistakes = isShared(settings) ? mistakesOfShared(settings) : mistakesOfTenant(settings)
    for (const { path, message } of mistakes) context.addIssue({ code: 'custom', path, message })
  })

export type EntraSettings = z.output<typeof entra>

type Mistake = { path: string[]; message: string }
type Checked = Pick<
  EntraSettings,
  'tenantId' | 'tenants' | 'credentials' | 'allowedGroups' | 'directory' | 'emailTrust'
>

/** Whether people of several tenants sign in. */
export function isShared({ tenantId: id }: Pick<EntraSettings, 'tenantId'>): boolean {
  return (SHARED as readonly string[]).includes(id)
}

/** The tenant that has the application. */
export function homeTenant({ tenantId: id, credentials }: Pick<EntraSettings, 'tenantId' | 'credentials'>): string {
  return isShared({ tenantId: id }) ? (credentials.tenantId ?? '') : id
}

function mistakesOfTenant({ tenantId: id, tenants, credentials }: Checked): Mistake[] {
  return [
    ...(tenants ? [{ path: ['tenants'], message: 'goes with tenantId: common or organizations' }] : []),
    ...(credentials.tenantId === undefined || credentials.tenantId.toLowerCase() === id.toLowerCase()
      ? []
      : [{ path: ['credentials', 'tenantId'], message: 'is another tenant than tenantId: leave it out' }]),
  ]
}

/** What holds for one tenant and would be taken for a promise about all. */
function mistakesOfShared(settings: Checked): Mistake[] {
  const { tenantId: id, tenants = [], credentials, allowedGroups, directory, emailTrust } = settings
  const wrong: [boolean, string[], string][] = [
    [tenants.length === 0, ['tenants'], `is missing: anybody with a Microsoft account could sign in at ${id}`],
    [
      id === 'organizations' && tenants.some((tenant) => tenant.toLowerCase() === PERSONAL_ACCOUNTS),
      ['tenants'],
      'has the tenant of personal accounts, which sign in at common alone',
    ],
    [
      credentials.tenantId === undefined,
      ['credentials', 'tenantId'],
      'is missing: say in which tenant the application is made',
    ],
    [allowedGroups.length > 0, ['allowedGroups'], 'counts in one tenant alone: write who may pass at the routes'],
    [directory, ['directory'], 'would have the people of one tenant alone: have a provider for each tenant'],
    [
      emailTrust === 'trust-idp',
      ['emailTrust'],
      'any tenant can write any address: trust-idp is for a single tenant (tenantId: its GUID)',
    ],
  ]
  return wrong.flatMap(([isWrong, path, message]) => (isWrong ? [{ path, message }] : []))
}
