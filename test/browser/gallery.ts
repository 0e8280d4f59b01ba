import type { BrandConfig } from '../../runtime/config.ts'
import { LANGUAGES } from '../../runtime/languages/index.ts'
import * as pages from '../../runtime/pages/index.ts'
import { Refusal, type RefusalCode } from '../../runtime/refusal.ts'
import { refusalResponse } from '../../runtime/server/refusal-response.ts'

const host = 'grafana.eu.acme.example'
const person = 'alice.archer@acme.example'
const address = 'https://login.acme.example/'

const BRAND: BrandConfig = {
  name: 'Acme',
  url: 'https://login.acme.example',
  identityProviders: ['okta'],
  password: 'on',
  passkeys: true,
  identityFirst: false,
  autoRedirect: false,
  links: [
    { label: 'Privacy', url: 'https://acme.example/privacy' },
    { label: 'Terms of use', url: 'https://acme.example/terms' },
    { label: 'Imprint', url: 'https://acme.example/imprint' },
  ],
}

/** A brand with a logo and colours of its own. */
const BRANDED: BrandConfig = {
  ...BRAND,
  name: 'Orchard',
  colors: { light: '#0b7a4b', dark: '#6fdca8' },
  logo: {
    type: 'image/svg+xml',
    data: Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="44" viewBox="0 0 150 44"><circle cx="22" cy="24" r="15" fill="#0b9a5b"/><path d="M22 9c0-5 3-7 7-8-1 5-3 7-7 8z" fill="#7a4b00"/><text x="46" y="31" font-family="sans-serif" font-size="22" font-weight="700" fill="#0b9a5b">Orchard</text></svg>',
    ).toString('base64'),
  },
}

export const LOGO = BRANDED.logo

const { look } = pages.lookOf(BRAND, { url: address, headers: new Headers() })

const SIGNED_OUT: pages.SignedOutPageOptions = {
  ended: [{ at: 'Acme', everywhere: true }],
  remaining: [{ at: 'Okta', because: 'unreachable' }],
  signInHref: '/sign-in',
}

/** Each page as people may see it, long words with it. */
export const GALLERY: Readonly<Record<string, () => Response>> = {
  'home-branded': () => {
    const { look: branded } = pages.lookOf(BRANDED, { url: `${BRANDED.url}/`, headers: new Headers() })
    const hrefs = { accountHref: '/account', signOutHref: '/sign-out' }
    return pages.page(branded, pages.homePage(branded, { person, ...hrefs }))
  },
  denied: () =>
    pages.page(
      look,
      pages.deniedPage(look, {
        person,
        destination: host,
        needs: 'people in platform-engineering or in site-reliability',
        switchHref: '/sign-in',
        signOutHref: '/sign-out',
        requestId: 'b9b8a9a4-3c1f-4b7e-9d52-0a6f4d1f7c11',
      }),
      { status: 403 },
    ),
  home: () =>
    pages.page(
      look,
      pages.homePage(look, { person, accountHref: '/account', adminHref: '/admin', signOutHref: '/sign-out' }),
    ),
  cli: () =>
    pages.page(
      look,
      pages.cliPage(look, {
        destination: host,
        person,
        listener: '127.0.0.1:49152',
        minutes: 60,
        action: '/.gatewright/cli',
        fields: [],
      }),
      { formAction: ["'self'"] },
    ),
  'sign-out-of-app': () =>
    pages.page(look, pages.signOutPage(look, { person, app: host, action: '/sign-out' }), { formAction: ["'self'"] }),
  'sign-out-of-everything': () =>
    pages.page(look, pages.signOutPage(look, { person, action: '/sign-out' }), { formAction: ["'self'"] }),
  'signed-out-of-app': () =>
    pages.page(
      look,
      pages.signedOutPage(look, {
        app: host,
        ended: [{ at: host }],
        remaining: [{ at: 'Acme', because: 'app_alone' }],
        signInHref: '/',
        signOutHref: 'https://login.acme.example/sign-out',
      }),
    ),
  'signed-out-of-everything': () => pages.page(look, pages.signedOutPage(look, SIGNED_OUT)),
  'signed-out-nothing-left': () => pages.page(look, pages.signedOutPage(look, { ended: [], signInHref: '/sign-in' })),
  resume: () =>
    pages.page(
      { ...look, here: undefined },
      pages.resumePage(look, {
        host,
        target: '/api/dashboards/import/confirm?folder=general',
        fields: [
          ['title', 'Latency'],
          ['folder', 'general'],
          ['owner_email_address', person],
          ['password', 'x'],
          ...Array.from({ length: 14 }, (_, index) => [`variable_${index}`, '1'] as const),
        ],
      }),
      { formAction: 'anywhere' },
    ),
  'parts-form': partsOfForms,
  'parts-work': partsOfWork,
  ...Object.fromEntries(LANGUAGES.slice(1).map((language) => [`signed-out-${language}`, () => inLanguage(language)])),
  ...Object.fromEntries(
    (
      [
        'sign_in_required',
        'sign_in_expired',
        'sign_in_loop',
        'cookies_blocked',
        'provider_unreachable',
        'client_refused',
        'groups_incomplete',
        'step_up_failed',
        'not_provisioned',
        'email_refused',
        'account_exists',
        'other_person',
        'link_invalid',
        'kept_body_gone',
        'rate_limited',
      ] satisfies RefusalCode[]
    ).map((code) => [`refusal-${code.replaceAll('_', '-')}`, () => refusal(code)]),
  ),
}

function inLanguage(language: (typeof LANGUAGES)[number]): Response {
  const other = { ...look, language }
  return pages.page(other, pages.signedOutPage(other, SIGNED_OUT))
}

function refusal(code: RefusalCode): Response {
  const details = {
    ...(code === 'other_person' ? { expected: person, signedIn: 'bob.bowman@private.example' } : {}),
    ...(code === 'email_refused' ? { domains: ['acme.example', 'subsidiary.acme.example'] } : {}),
  }
  return refusalResponse(new Refusal(code, 'never shown', { retry: '/', details }), {
    requestId: 'b9b8a9a4-3c1f-4b7e-9d52-0a6f4d1f7c11',
    page: true,
    brand: BRAND,
    request: { url: address, headers: new Headers() },
    address: '/',
  })
}

/** All that stands in a form. */
function partsOfForms(): Response {
  const { actions, checkbox, divider, field, form, linkButton, markup, notice, select, submit } = pages
  const fields = markup`${field(look, { name: 'email', label: 'Email address', type: 'email', autocomplete: 'username', value: 'alice@', problem: 'This is no email address. Write it like alice@acme.example.' })}
${field(look, { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', hint: 'At least 12 characters. A few words that only you would put together are best.' })}
${field(look, { name: 'company', label: 'Company', type: 'text', autocomplete: 'organization', required: false })}
${select({ name: 'language', label: 'Language', value: 'de', choices: LANGUAGES.map((value) => ({ value, label: value })) })}
${checkbox({ name: 'keep', label: 'Sign out everywhere else', checked: true })}
${actions([submit({ label: 'Sign in', emphasis: 'primary' }), linkButton({ href: '/', label: 'Forgot your password?' })])}`
  const body = markup`<h1>Sign in</h1>${notice('Your password was changed. Sign in by the new one.', 'good')}
${notice('Your session ends in five minutes.', 'warn')}${notice('That did not match. Check it and try again.', 'alert')}
${form({ action: '/sign-in', body: fields })}${divider('Or continue with')}
${actions([linkButton({ href: '/a', label: 'Login with Orchard', logoHref: '/logo/brand' }), submit({ label: 'Delete my account', emphasis: 'danger' })])}`
  return pages.page(look, { title: 'Form', body }, { formAction: ["'self'"] })
}

/** All that a page has that is worked with. */
function partsOfWork(): Response {
  const { markup } = pages
  const at = Date.UTC(2026, 10, 22, 19, 30)
  const rows = ['alice.archer', 'bob.bowman', 'carol.chen'].map((name, index) => [
    markup`<a href="/admin/users/${name}">${name}@acme.example</a><small>${name.replace('.', ' ')}</small>`,
    index === 1 ? pages.badge('Suspended', 'alert') : pages.badge('Active', 'good'),
    pages.badge('Invited', index === 2 ? 'warn' : 'neutral'),
    markup`${index * 7}`,
    pages.moment(look, at - index * 86_400_000),
    pages.submit({ label: 'Sign out', emphasis: 'compact' }),
  ])
  const body = markup`${pages.pageHead('Users', [pages.linkButton({ href: '/invite', label: 'Invite', emphasis: 'compact' })])}
${pages.searchForm(look, { action: '/admin/users', label: 'Name, address or id', name: 'q', value: 'acme', clearHref: '/admin/users' })}
${pages.table({
  caption: 'People with an account',
  columns: [
    { label: 'Person' },
    { label: 'Status' },
    { label: 'Origin' },
    { label: 'Sessions', kind: 'number' },
    { label: 'Last sign-in' },
    { label: 'What can be done', kind: 'actions' },
  ],
  rows,
  empty: 'Nobody',
})}
${pages.pagination(look, { newerHref: '/a', olderHref: '/b', note: '50 of 10,312 accounts' })}
<h2>Callback URL</h2>${pages.copyable(look, 'https://login.acme.example/callback/okta', 'Callback URL')}
${pages.disclosure('All settings', pages.facts([['Scopes', pages.chips(['openid', 'profile', 'email'])]]))}
${pages.section('Delete this account', markup`<p>Everything goes, and nobody can bring it back.</p>${pages.confirmForm(look, { action: '/delete', question: 'Delete the account of alice.archer@acme.example?', confirm: 'Delete for good', cancelHref: '/', risk: 'danger' })}`, 'risky')}
${pages.table({ caption: 'Sessions', columns: [], rows: [], empty: 'Nobody is signed in.' })}`
  const items = ['Identity providers', 'Users', 'Sessions', 'Audit log'].map((label) => ({
    href: `/admin/${label}`,
    label,
    current: label === 'Users',
  }))
  const navigation = pages.navigation({ label: 'Administration', items, person })
  const content = { title: 'Users', body, size: 'full' as const, navigation, script: pages.COPY_SCRIPT }
  return pages.page(look, content, { formAction: ["'self'"] })
}
