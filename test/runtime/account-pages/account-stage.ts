import type { RuntimeConfig } from '../../../runtime/config.ts'
import { type Browser, createBrowser, type Page } from '../../support/browser.ts'
import { newcomer } from '../../support/openid-provider.ts'
import { linkTo, shown } from '../../support/visitor.ts'
import { type AccountsStage, person, startAccountsStage } from '../authenticate/accounts-stage.ts'

export const PASSWORD = 'seven green lamps by the river'
export const ANOTHER = 'forty blue kites over a harbour'

/** Somebody with a browser who is signed in by the provider `acme`. */
export interface Somebody {
  browser: Browser
  email: string
  claims: Record<string, unknown>
}

/** A stage whose providers say when people have signed in. */
export interface AccountStage extends AccountsStage {
  /** Signs a new person in, or one that there is. @param ageSeconds how long ago they showed a credential. @default 0 */
  visitor(of?: Pick<Somebody, 'claims'>, ageSeconds?: number): Promise<Somebody>
  /** Opens a page below `/account`, or sends a form there with this host's own Origin; follows no redirect. */
  account(browser: Browser, path: string, form?: Record<string, string>, origin?: string): Promise<Page>
  /** Sends a form and opens the page that says what was done. @throws Error when it was not */
  done(browser: Browser, path: string, form: Record<string, string>): Promise<Page>
  /** Connects the provider `globex`, where the person is somebody with another subject and address. */
  connectGlobex(who: Somebody, subject?: string): Promise<Page>
  /** What somebody's export says. */
  exported(browser: Browser): Promise<{
    account: Record<string, unknown>
    identities: Record<string, unknown>[]
    passkeys: Record<string, unknown>[]
    sessions: Record<string, unknown>[]
    events: { action: string; details: Record<string, string>; address: string }[]
  }>
}

/** Starts one; close it in `afterAll`. */
export async function startAccountStage(change?: (config: RuntimeConfig) => void): Promise<AccountStage> {
  const stage = await startAccountsStage(change)
  const { login } = stage.gateway
  let age = 0
  for (const { behaviour } of [stage.acme, stage.globex]) {
    behaviour.claims = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) - age })
  }

  const account: AccountStage['account'] = (browser, path, form, origin = login) =>
    browser.open(`${login}/account${path}`, {
      redirects: 0,
      ...(form === undefined
        ? {}
        : {
            method: 'POST',
            headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams(form).toString(),
          }),
    })

  return {
    ...stage,
    account,
    async visitor(of, ageSeconds = 0) {
      age = ageSeconds
      const claims = of?.claims ?? newcomer(person('alice', { name: 'Alice Archer' }))
      const { browser, page } = await stage.signInBy('acme', claims, createBrowser())
      age = 0
      if (page.status !== 200) throw new Error(`nobody was signed in (${page.status}): ${shown(page)}`)
      return { browser, email: String(claims['email']), claims }
    },
    async done(browser, path, form) {
      const answer = await account(browser, path, form)
      const location = answer.headers.get('location')
      if (answer.status !== 303 || !location?.startsWith('/account')) {
        throw new Error(`${path} was answered by ${answer.status}: ${shown(answer)}`)
      }
      return browser.open(new URL(location, login).href)
    },
    async connectGlobex({ browser, claims }, subject = `${String(claims['sub'])}-at-globex`) {
      stage.globex.behaviour.person = person(subject, { email: `${subject}@globex.example` })
      const away = await account(browser, '/security/connect', { provider: 'globex' })
      const next = /^0; url=(.+)$/.exec(away.headers.get('refresh') ?? '')?.[1]
      if (next === undefined) throw new Error(`nobody was sent on (${away.status}): ${shown(away)}`)
      return browser.open(next)
    },
    async exported(browser) {
      return JSON.parse((await account(browser, '/data/export', {})).text) as never
    },
  }
}

/** Path below `/account` of a page's first link that begins and ends like this. */
export function pathOf(page: Page, begins: string, ends = ''): string {
  const links = [...page.text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href)
  const found = links.find((href) => href.startsWith(`/account${begins}`) && href.endsWith(ends))
  return found === undefined ? linkTo(page, `/account${begins}…${ends}`) : found.slice('/account'.length)
}
