import { isInDomains, type Provider, type SignInResult } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { AccountWithCredentials, IdentityKey } from '../store/index.ts'
import { auditEvent } from './audit.ts'
import { changeAccount } from './change-account.ts'
import type { Accounts, LinkOutcome } from './contract.ts'
import { type Voucher, voucherOf } from './decide-sign-in.ts'
import type { AccountsContext } from './deps.ts'
import { identityFrom } from './sign-in-change.ts'
import { isAnyLeft, waysIn } from './ways-in.ts'

/** Joining identities to accounts whose person is there, and taking them away. */
export function createIdentities(context: AccountsContext): Pick<Accounts, 'link' | 'unlink'> {
  const { store, providers, config, now, onSecurityChange } = context

  return {
    async link(brand, accountId, provider, result, actor, verified = {}) {
      requireDomain(provider, result)
      const { claimedEmail, identity: key } = result
      const at = now()
      const verifiedBy = voucherOf({ claimedEmail, providerEmail: result.person.email }, verified, undefined)
      requireVerifiable(provider, verifiedBy, config)
      const arrival = { brand: brand.id, identityProvider: provider.id, result, verifiedBy, now: at }
      const happened = { brand: brand.id, account: accountId, at }
      const details = { provider: provider.id }
      const done = await changeAccount(store, brand.id, accountId, (who) => {
        if (who.account.status === 'suspended') throw new Refusal('account_suspended', 'the account is suspended')
        if (findIdentity(who, key)) return { result: 'already_linked' as const }
        return {
          result: 'linked' as const,
          change: { addIdentity: identityFrom(arrival, accountId) },
          audit: [auditEvent('identity.linked', happened, actor, details)],
        }
      })
      if (done.outcome === 'gone') throw new Refusal('credentials_invalid', 'the account is gone')
      if (done.outcome === 'taken') {
        await store.recordAudit([auditEvent('identity.link_refused', happened, actor, details)])
        return { outcome: 'in_use' }
      }
      if (done.result === 'already_linked') return { outcome: done.result }
      onSecurityChange(done.before.account, { what: 'identity_linked', provider: provider.config.name }, actor)
      return { outcome: 'linked', account: done.account } satisfies LinkOutcome
    },

    async unlink(brand, accountId, key, actor, keepSession) {
      const done = await changeAccount(store, brand.id, accountId, (who) => {
        const identity = findIdentity(who, key)
        if (!identity) return { result: 'not_found' as const }
        const ways = waysIn(brand.config, providers, who)
        if (!isAnyLeft(ways, (way) => way.identity === identity)) return { result: 'last_way_in' as const }
        const happened = { brand: brand.id, account: accountId, at: now() }
        const details = { provider: identity.identityProvider }
        return {
          result: 'unlinked' as const,
          change: {
            removeIdentity: key,
            endSessions: keepSession === undefined ? {} : { keep: keepSession },
            endTickets: ['pending_link'],
          },
          audit: [auditEvent('identity.unlinked', happened, actor, details)],
        }
      })
      if (done.outcome !== 'done') return 'not_found'
      const identity = findIdentity(done.before, key)
      if (done.result === 'unlinked' && identity) {
        const name = providers.get(identity.identityProvider)?.config.name ?? identity.identityProvider
        onSecurityChange(done.before.account, { what: 'identity_unlinked', provider: name }, actor)
      }
      return done.result
    },
  }
}

/** Nobody could sign in by it afterwards. */
function requireDomain({ id, config }: Provider, { claimedEmail }: SignInResult): void {
  const { allowedDomains } = config
  if (allowedDomains.length > 0 && !isInDomains(claimedEmail, { allowedDomains })) {
    throw new Refusal('email_refused', `${id} takes no address of that domain`)
  }
}

/** Where only people of some domains may sign in, an address that nobody's word counts for lets nobody in: it would be no way in. */
function requireVerifiable(
  { id, config }: Provider,
  verifiedBy: Voucher | undefined,
  { mail }: Pick<AccountsContext['config'], 'mail'>,
): void {
  if (config.allowedDomains.length === 0 || verifiedBy !== undefined || mail !== undefined) return
  throw new Refusal('email_unverified', `${id} wants a verified address, and no mail is set up to verify it`)
}

function findIdentity({ identities }: AccountWithCredentials, { issuer, subject }: IdentityKey) {
  return identities.find((identity) => identity.issuer === issuer && identity.subject === subject)
}
