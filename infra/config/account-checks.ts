import { isLoopbackHost } from '../../runtime/net/index.ts'
import { checkMembership } from './brand-checks.ts'
import type { Brand } from './brand.ts'
import { onlyBrand } from './brands.ts'
import type { IdentityProviderSettings } from './identity-providers/index.ts'
import { isLocalOrigin } from './local-addresses.ts'
import type { Report } from './problems.ts'
import type { StackParts } from './schema.ts'

/** What mail, and everything that needs it, must be like. */
export function checkMail(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  for (const [id, provider] of Object.entries(stack.identityProviders)) {
    const at: Report = (field, message) => report(['identityProviders', id, ...field], message)
    if (provider.emailTrust === 'always-verify' && !stack.names.others.includes('mail')) {
      at(['emailTrust'], 'always-verify asks by mail: say in mail how it is sent')
    }
    checkEmailClaim(provider, at)
  }
  const { mail } = stack
  if (mail?.kind === 'smtp') {
    if (mail.security === 'none' && !isLoopbackHost(mail.host)) {
      report(['mail', 'security'], 'none is for this machine alone: links to sign in by would travel in the open')
    }
    if ((mail.user === undefined) !== (mail.password === undefined)) {
      report(['mail'], 'user and password go together: say both, or none for a server that asks for none')
    }
  }
  if (mail?.kind !== 'local') return
  if (!isLocalOrigin(mail.url))
    report(['mail', 'url'], 'use http://<name>.localhost:<port>: it is for this machine only')
  if (!isLoopbackHost(mail.smtp.host)) report(['mail', 'smtp'], 'use 127.0.0.1:<port>: it is for this machine only')
  const [id, far] = Object.entries(brands).find(([, { url }]) => !isLoopbackHost(new URL(url).hostname)) ?? []
  if (far) {
    report(
      ['mail', 'kind'],
      `local sends nothing on, and people at ${far.url} (${id}) would wait for their mail: use smtp`,
    )
  }
}

/** `email_verified` speaks of the claim `email` and of no other (OpenID Connect Core 1.0 §5.1). */
function checkEmailClaim({ emailTrust, attributes }: IdentityProviderSettings, report: Report): void {
  const { claim } = attributes.email
  if (emailTrust !== 'verify-with-claim' || claim === 'email') return
  report(
    ['attributes', 'email'],
    `email_verified says nothing of ${claim}: use emailTrust always-verify, or trust-idp where that claim is the provider’s own word`,
  )
}

/** People whom the stack gives an account. */
export function checkAccounts(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const owners = new Map<string, string>()
  for (const [id, { brand, email }] of Object.entries(stack.accounts)) {
    const at: Report = (field, message) => report(['accounts', id, ...field], message)
    checkMembership(brands, stack.names.brands, brand, at)
    const key = `${brand ?? onlyBrand(brands) ?? ''} ${email.toLowerCase()}`
    const other = owners.get(key)
    if (other !== undefined) at(['email'], `is that of ${other} already: a brand has one account for an address`)
    owners.set(key, id)
    const place = brands[brand ?? onlyBrand(brands) ?? '']
    if (place?.identityProviders.length === 0 && !stack.names.others.includes('mail')) {
      at(['email'], 'is invited by mail, for there is no identity provider to come in by: say in mail how it is sent')
    }
  }
}
