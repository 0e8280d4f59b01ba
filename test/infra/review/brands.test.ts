import { describe, expect, it } from 'vitest'

import { compareStacks, readStack, renderReview } from '../../../infra/review/index.ts'
import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Change = (stack: Stack) => void

const mail = {
  kind: 'smtp',
  host: 'smtp.acme.example',
  from: 'login@acme.example',
  user: 'gw',
  password: { secure: 'v1:cipher-mail' },
}
const zeta = { url: 'https://login.zeta.example', name: 'Zeta', identityProviders: ['guests'] }
const alice = { email: 'alice@acme.example', name: 'Alice', groups: ['staff'] }

const having =
  (settings: object): Change =>
  (stack) =>
    void Object.assign(stack, structuredClone(settings))
const staff =
  (settings: object): Change =>
  (stack) =>
    void Object.assign(stack.identityProviders['staff'] ?? {}, settings)
const brand = (settings: object): Change => having({ brands: { default: settings } })
/** Every route at the stack's own brand, as it has to be said where there are two. */
const beside =
  (settings: object): Change =>
  (stack) => {
    having({ brands: { zeta: settings } })(stack)
    for (const route of Object.values(stack.routes)) route['brand'] = 'default'
  }

function change(former: Change, present: Change): string[] {
  const before = smallStack()
  former(before)
  return lines(compareChanged(before, present))
}
const nothing: Change = () => undefined

describe('a brand', () => {
  it.each<[string, Change, Change, string[]]>([
    [
      'that only looks otherwise',
      nothing,
      brand({ name: 'New', identityFirst: true, autoRedirect: false, logo: 'a.svg' }),
      [],
    ],
    [
      'with passwords',
      having({ mail }),
      brand({ password: 'on' }),
      [
        '+ wiki provider_accepted: people with an account of the gateway’s own, by password or passkey, by the route’s rule',
        '+  password: people with an account here who sign in by a password, past every provider',
        '+  passkeys: people with an account here who sign in by a passkey',
      ],
    ],
    [
      'with passwords for emergencies alone',
      having({ mail, admins: 'true', brands: { default: { password: 'on' } } }),
      brand({ password: 'break_glass' }),
      ['-  password: people with an account here who sign in by a password, past every provider'],
    ],
    [
      'that lets sessions live longer',
      brand({ session: { idleMinutes: 5 } }),
      brand({ session: { idleMinutes: 9 } }),
      ['+  session_idle: who is signed in, for longer: session.idleMinutes from 5 to 9'],
    ],
    [
      'that moves',
      nothing,
      having({ url: 'https://sign-in.acme.example' }),
      ['+  login_host_moved: whoever controls sign-in.acme.example, in the name of everybody who signs in there'],
    ],
    [
      'that comes',
      nothing,
      beside(zeta),
      ['+ zeta login_host_added: whoever controls login.zeta.example, in the name of everybody who signs in there'],
    ],
    [
      'that goes',
      beside(zeta),
      (stack) => {
        delete stack['brands']
      },
      ['- zeta login_host_removed: people who sign in at https://login.zeta.example'],
    ],
    [
      'that offers another provider',
      beside(zeta),
      beside({ ...zeta, identityProviders: ['guests', 'staff'] }),
      ['+ zeta provider_offered: people whom staff signs in, with an account here'],
    ],
    [
      'that is only called otherwise',
      nothing,
      (stack) => {
        having({ brands: { acme: { url: 'https://login.acme.example', name: 'Gatewright' } } })(stack)
      },
      [],
    ],
    [
      'that gets a route of another one',
      beside(zeta),
      (stack) => {
        Object.assign(stack.routes['wiki'] ?? {}, { brand: 'zeta' })
      },
      [
        '- wiki provider_dropped: people whom staff signs in',
        '+ wiki brand_changed: people who sign in at the brand zeta, by the route’s rule',
        '- wiki brand_changed: people who sign in at the brand default',
      ],
    ],
  ])('%s', (_, former, present, expected) => {
    expect(change(former, present)).toEqual(expected)
  })
})

describe('a provider', () => {
  it.each<[string, object, object, string[]]>([
    [
      'that is disabled',
      {},
      { enabled: false },
      ['- staff provider_enabled: people whom pocket-id, https://sso.acme.example signs in'],
    ],
    [
      'that is enabled',
      { enabled: false },
      { enabled: true },
      ['+ staff provider_enabled: people whom pocket-id, https://sso.acme.example signs in'],
    ],
    [
      'that makes accounts',
      { provisioning: 'match-only' },
      { provisioning: 'auto' },
      ['+ staff provisioning: people who have no account yet, and get one'],
    ],
    ['that makes none', {}, { provisioning: 'match-only' }, ['- staff provisioning: people who have no account yet']],
    [
      'that may join accounts',
      { linking: 'deny' },
      { linking: 'confirm' },
      [
        '+ staff linking: people with the verified address of an existing account, after they have signed in to that as well',
      ],
    ],
    [
      'that is believed again',
      { emailTrust: 'always-verify' },
      { emailTrust: 'verify-with-claim' },
      ['+ staff email_trust: people whose address the provider has verified, and no mail of ours'],
    ],
    [
      'that is believed less',
      {},
      { emailTrust: 'always-verify' },
      ['- staff email_trust: people whose address only the provider has vouched for'],
    ],
    [
      'whose people have another name',
      {},
      { attributes: { name: 'nickname' } },
      ['+ staff attributes: people whose name is read from another claim: nickname'],
    ],
    ['that only looks otherwise', {}, { description: 'New', logo: 'a.svg', attributes: { picture: 'photo' } }, []],
  ])('%s', (_, former, present, expected) => {
    const before: Change = (stack) => {
      having({ mail })(stack)
      staff(former)(stack)
    }
    const found = change(before, staff(present)).map((line) => line.replace(/ \(([^)]*)\)/, ', $1'))
    expect(found).toEqual(expected)
  })
})

describe('a stack', () => {
  it.each<[string, Change, Change, string[]]>([
    [
      'with administrators',
      nothing,
      having({ admins: '"admins" in user.groups' }),
      ['+  administrators: people in admins, who administer from now on'],
    ],
    [
      'with fewer of them',
      having({ admins: '"a" in user.groups || "b" in user.groups' }),
      having({ admins: '"a" in user.groups' }),
      ['-  administrators: people in b, who do not administer any more'],
    ],
    [
      'with an account',
      nothing,
      having({ accounts: { alice } }),
      ['+  accounts: alice@acme.example (alice), who has an account from now on, in staff'],
    ],
    [
      'whose account has another group',
      having({ accounts: { alice } }),
      having({ accounts: { alice: { ...alice, groups: ['admins'] } } }),
      [
        '+  accounts: alice@acme.example, by rules that ask for admins',
        '+  accounts: alice@acme.example, by rules that ask for staff not to be there',
      ],
    ],
    [
      'without an account',
      having({ accounts: { alice } }),
      having({ accounts: {} }),
      ['-  accounts: alice@acme.example (alice), whose account is not the stack’s any more'],
    ],
    [
      'with mail',
      nothing,
      having({ mail }),
      [
        '+  mail: people who show by mail (smtp.acme.example) that an address is theirs, and whoever reads their mail on its way',
      ],
    ],
    [
      'with another mail server',
      having({ mail }),
      having({ mail: { ...mail, host: 'smtp.evil.example' } }),
      [
        '+  mail: whoever reads what is handed in at smtp.evil.example: links to verify an address, to accept an invitation, to set a password',
      ],
    ],
    ['with another sender', having({ mail }), having({ mail: { ...mail, from: 'hello@acme.example' } }), []],
  ])('%s', (_, former, present, expected) => {
    expect(change(former, present)).toEqual(expected)
  })

  it('is told in words, with each callback of each brand and no secret', () => {
    const after = smallStack()
    beside({ ...zeta, password: 'on', links: [{ label: 'Imprint', url: 'https://zeta.example' }] })(after)
    having({ mail, accounts: { alice: { ...alice, brand: 'zeta' } } })(after)
    const review = renderReview(compareStacks(readStack(smallStack()), readStack(after)), 'production')
    for (const words of [
      '| `guests` | added | `https://login.zeta.example/callback/guests` |',
      '- brand `zeta` is added',
      '`smtp.acme.example`',
    ]) {
      expect(review).toContain(words)
    }
    expect(review).not.toContain('cipher-mail')
    expect(review).not.toContain('callback/staff')
  })
})
