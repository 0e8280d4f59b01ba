import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isInDomains, normalizeEmail, personFromClaims, readAsOf } from '../../../runtime/providers/index.ts'
import { identityOf } from '../../../runtime/providers/identity.ts'
import { claimedEmail } from '../../../runtime/providers/person.ts'
import { providerConfig } from '../../support/evil-provider/index.ts'

const provider = providerConfig('https://idp.acme.example', { allowedDomains: ['acme.example'] })
const claims = { sub: 'alice', email: 'Alice@ACME.example', email_verified: true, name: 'Alice', groups: ['staff'] }

describe('the address of a person', () => {
  it('is kept in lower case when verified and inside the allowed domains', () => {
    expect(personFromClaims(claims, provider).email).toBe('alice@acme.example')
  })

  it.each([
    ['not verified', { email_verified: false }],
    ['verified by a text', { email_verified: 'true' }],
    ['without a word about it', { email_verified: undefined }],
    ['of another domain', { email: 'alice@evil.example' }],
    ['of a subdomain', { email: 'alice@sub.acme.example' }],
    ['with two @', { email: 'alice@evil.example@acme.example' }],
    ['with a quoted local part', { email: '"a@evil.example"@acme.example' }],
    ['with a dot at the end', { email: 'alice@acme.example.' }],
    ['with a space', { email: 'alice @acme.example' }],
    ['with a line break', { email: 'alice@acme.example\n@evil.example' }],
    ['with a comment', { email: 'alice(x)@acme.example' }],
    ['cut off where an allowed domain ends', { email: `${'a'.repeat(243)}@acme.example.evil.example` }],
    ['with a path behind the domain', { email: 'alice@acme.example/evil.example' }],
    ['with a query behind the domain', { email: 'alice@acme.example?evil' }],
    ['with a letter that folds to another', { email: '\u212Aate@acme.example' }],
    ['that is no text', { email: ['alice@acme.example'] }],
  ])('%s is dropped', (_, change) => {
    expect(personFromClaims({ ...claims, ...change }, provider).email).toBe('')
  })

  it('is believed without a claim when the provider is trusted for named domains', () => {
    const trusted = { ...provider, emailTrust: 'trust-idp' as const }
    expect(personFromClaims({ ...claims, email_verified: undefined }, trusted).email).toBe('alice@acme.example')
    const anyDomain = { ...trusted, allowedDomains: [] }
    expect(personFromClaims({ ...claims, email_verified: undefined }, anyDomain).email).toBe('')
  })

  it('is believed of no tenant among several without a claim, whatever the configuration says', () => {
    const tenants = ['11111111-1111-4111-8111-111111111111']
    const shared = { ...provider, emailTrust: 'trust-idp' as const, tenants }
    expect(personFromClaims({ ...claims, email_verified: undefined }, shared).email).toBe('')
  })

  it('counts for nothing by the provider’s word where a mail always verifies it', () => {
    const careful = { ...provider, emailTrust: 'always-verify' as const }
    expect(personFromClaims(claims, careful).email).toBe('')
    expect(claimedEmail(claims, careful)).toBe('alice@acme.example')
  })

  it('is that of the mapped claim, for which email_verified is no word unless it is the same', () => {
    const mapped = { ...provider, attributes: { ...provider.attributes, email: { claim: 'work.mail' } } }
    const other = { ...claims, work: { mail: 'Boss@acme.example' } }
    expect(claimedEmail(other, mapped)).toBe('boss@acme.example')
    expect(personFromClaims(other, mapped).email).toBe('')
    expect(personFromClaims(other, { ...mapped, emailTrust: 'trust-idp' }).email).toBe('boss@acme.example')
    expect(personFromClaims({ ...claims, work: { mail: 'alice@ACME.example' } }, mapped).email).toBe(
      'alice@acme.example',
    )
    expect(claimedEmail(claims, mapped)).toBe('')
  })

  it('is nobody’s by default', () => {
    const email = { claim: 'email', default: 'everybody@acme.example' }
    const defaulted = { ...provider, attributes: { ...provider.attributes, email } }
    expect(claimedEmail({ sub: 'alice' }, defaulted)).toBe('')
  })

  it('is inside the domains when its whole domain is one of them', () => {
    const isIn = (email: string, ...allowedDomains: string[]) => isInDomains(email, { allowedDomains })
    expect(isIn('a@acme.example', 'other.example', 'acme.example')).toBe(true)
    expect(isIn('a@sub.acme.example', 'acme.example')).toBe(false)
    expect(isIn('a@notacme.example', 'acme.example')).toBe(false)
    expect(isIn('', 'acme.example')).toBe(false)
    expect(isIn('')).toBe(true)
  })

  it('has a domain only when it has exactly one @', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (local, middle, rest) => {
        expect(normalizeEmail(`${local}@${middle}@${rest}`)).toBeUndefined()
      }),
      { seed: 7 },
    )
    expect(normalizeEmail('Alice@Bücher.example')).toBe('alice@xn--bcher-kva.example')
  })
})

describe('who a person is', () => {
  it('depends on issuer and subject alone', () => {
    const { id } = personFromClaims(claims, provider)
    expect(personFromClaims({ sub: 'alice' }, provider).id).toBe(id)
    expect(personFromClaims({ ...claims, sub: 'bob' }, provider).id).not.toBe(id)
    expect(personFromClaims(claims, { ...provider, issuer: 'https://other.example' }).id).not.toBe(id)
    expect(personFromClaims(claims, provider, 'https://other.example').id).not.toBe(id)
  })

  it('is told by the object id where the provider’s subjects are another for each client', () => {
    const entra = { ...provider, subjectClaim: 'oid' as const }
    const oid = 'AAAAAAAA-1111-4111-8111-111111111111'
    expect(identityOf({ ...claims, oid }, entra, 'https://tenant.example')).toEqual({
      issuer: 'https://tenant.example',
      subject: oid.toLowerCase(),
    })
    const { id } = personFromClaims({ ...claims, oid }, entra)
    expect(personFromClaims({ ...claims, sub: 'another', oid: oid.toLowerCase() }, entra).id).toBe(id)
    for (const bad of [undefined, '', 'alice', [oid], `${oid}\n`, 7]) {
      const read = () => identityOf({ ...claims, oid: bad }, entra, entra.issuer)
      expect(read).toThrow(expect.objectContaining({ code: 'provider_answer_invalid' }))
    }
  })

  it('cannot be told without a subject', () => {
    expect(() => personFromClaims({ ...claims, sub: '' }, provider)).toThrow(TypeError)
  })
})

describe('groups', () => {
  it.each([
    ['a list of texts', ['a', 'b'], ['a', 'b']],
    ['a text', 'staff', ['staff']],
    ['an empty list', [], []],
    ['nothing', undefined, []],
    ['null', null, []],
    ['a list of the longest names', ['x'.repeat(256), 'a'], ['x'.repeat(256), 'a']],
  ])('from %s', (_, groups, expected) => {
    expect(personFromClaims({ ...claims, groups }, provider).groups).toEqual(expected)
  })

  it.each<[string, Record<string, unknown>]>([
    ['are more than a thousand', { groups: Array.from({ length: 1_001 }, (_, index) => `group-${index}`) }],
    ['are said to be elsewhere', { groups: undefined, _claim_names: { groups: 'src1' } }],
    ['are said to be elsewhere beside some', { _claim_names: { groups: 'src1' } }],
    ['are said to exist', { groups: undefined, hasgroups: true }],
    ['are a map', { groups: { staff: true } }],
    ['are a number', { groups: 7 }],
    ['are a truth', { groups: false }],
    ['have a number among them', { groups: ['a', 7] }],
    ['have a null among them', { groups: ['a', null] }],
    ['have a list among them', { groups: ['a', ['b']] }],
    ['have too long a name among them', { groups: ['a', 'x'.repeat(257)] }],
    ['are one text that is too long', { groups: 'x'.repeat(257) }],
  ])('that %s are no list to judge a rule by', (_, change) => {
    const refused = () => personFromClaims({ ...claims, ...change }, provider)
    expect(refused).toThrow(expect.objectContaining({ code: 'groups_incomplete' }))
  })

  it('are those of the claim itself, whatever it is called', () => {
    expect(personFromClaims(claims, { ...provider, groupsClaim: 'toString' }).groups).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a thousand', { roles: Array.from({ length: 1_000 }, (_, index) => `group-${index}`) }],
    ['another claim is elsewhere', { roles: ['a'], _claim_names: { groups: 'src1', __proto__: { roles: 'x' } } }],
    ['there are groups, and roles are what counts', { roles: ['a'], hasgroups: true }],
    ['there are none elsewhere', { roles: ['a'], _claim_names: null, hasgroups: 'true' }],
  ])('are complete when %s', (_, change) => {
    const { groups } = personFromClaims({ ...claims, ...change }, { ...provider, groupsClaim: 'roles' })
    expect(groups).toEqual(change['roles'])
  })
})

describe('how a person was read', () => {
  const settings = { ...provider, claims: ['a', 'b'], allowedDomains: ['acme.example', 'acme.test'] }

  it('is told by what decides which claims count', () => {
    expect(personFromClaims(claims, settings).readAs).toBe(readAsOf(settings))
    const changes: Partial<typeof settings>[] = [
      { groupsClaim: 'roles' },
      { claims: ['a'] },
      { claims: ['a,b'] },
      { emailTrust: 'trust-idp' },
      { allowedDomains: ['acme.example'] },
      { allowedDomains: settings.claims, claims: settings.allowedDomains },
      { tenants: ['11111111-1111-4111-8111-111111111111'] },
      { attributes: { ...provider.attributes, email: { claim: 'mail' } } },
      { attributes: { ...provider.attributes, name: { claim: 'displayName' } } },
      { attributes: { ...provider.attributes, name: { claim: 'name', default: 'Somebody' } } },
      { attributes: { ...provider.attributes, username: { claim: 'login' } } },
    ]
    const others = changes.map((change) => readAsOf({ ...settings, ...change }))
    expect(new Set([readAsOf(settings), ...others]).size).toBe(changes.length + 1)
    expect(readAsOf(settings)).toMatch(/^[\w-]{16}$/)
  })

  it('stays the same where nothing of that changes', () => {
    const reordered = { ...settings, claims: ['b', 'a'], allowedDomains: settings.allowedDomains.toReversed() }
    expect(readAsOf(reordered)).toBe(readAsOf(settings))
    const attributes = { ...settings.attributes, picture: { claim: 'photo' } }
    const renamed = { ...settings, name: 'Other', issuer: 'https://other.example', attributes }
    expect(readAsOf(renamed)).toBe(readAsOf(settings))
  })
})
