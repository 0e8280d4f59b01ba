import type { RuntimeConfig } from '../../../runtime/config.ts'
import type { AuditEntry } from '../../../runtime/store/index.ts'
import { type Browser, createBrowser, type Page, type RequestOptions } from '../../support/browser.ts'
import { brandAt } from '../../support/release.ts'
import { shown } from '../../support/visitor.ts'
import { type AccountsStage, person, startAccountsStage } from '../authenticate/accounts-stage.ts'

/** An entry as the export of the log has it. */
export type ExportedEntry = Omit<AuditEntry, 'at'> & { at: string }

/** A gateway with two brands that share the provider `acme`, and the rule that group `admins` administers. */
export interface AdminStage extends AccountsStage {
  /** Somebody of group `admins`. @param ageSeconds how long ago they showed a credential. @default 0 */
  administrator(name?: string, ageSeconds?: number): Promise<Browser>
  /** Somebody else, once signed in. */
  newcomer(name: string): Promise<{ browser: Browser; id: string }>
  /** Opens a page below `/admin`, or sends a form there with this host's own Origin; follows no redirect. */
  admin(browser: Browser, path: string, form?: Record<string, string>, origin?: string): Promise<Page>
  /** Sends a form and opens the page that says what was done. @throws Error when it was not */
  done(browser: Browser, path: string, form?: Record<string, string>): Promise<Page>
  /** What the log has, read by the administrators' own export; the latest first. */
  log(browser: Browser, filter?: Record<string, string>): Promise<ExportedEntry[]>
  /** Id of the account with this address. */
  idOf(browser: Browser, email: string): Promise<string>
  /** Origin of the second brand's login host, `other`. */
  other: string
}

/** Starts one; close it in `afterAll` or `onTestFinished`. */
export async function startAdminStage(change?: (config: RuntimeConfig) => void): Promise<AdminStage> {
  let other = ''
  const stage = await startAccountsStage((config) => {
    config.admins = '"admins" in user.groups'
    other = `http://other.gw.localhost:${config.listen.port}`
    config.brands['other'] = { ...brandAt(other, ['acme']), name: 'Other', password: 'on', passkeys: true }
    change?.(config)
  })
  const { gateway } = stage
  let age = 0
  gateway.provider.behaviour.claims = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) - age })

  const admin: AdminStage['admin'] = (browser, path, form, origin = gateway.login) =>
    browser.open(`${gateway.login}/admin${path}`, { redirects: 0, ...(form && posted(form, origin)) })

  const log: AdminStage['log'] = async (browser, filter = {}) => {
    const query = new URLSearchParams(filter)
    const { text, status } = await admin(browser, `/audit/export?${query.toString()}`)
    if (status !== 200) throw new Error(`the log was not given out (${status})`)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ExportedEntry)
  }

  return {
    ...stage,
    other,
    admin,
    log,
    async administrator(name = 'carol', ageSeconds = 0) {
      age = ageSeconds
      const { browser } = await stage.signInBy('acme', person(name, { groups: ['staff', 'admins'] }), createBrowser())
      age = 0
      return browser
    },
    async newcomer(name) {
      const { browser } = await stage.signInBy('acme', person(name), createBrowser())
      const page = await browser.open(`${gateway.login}/account/data/export`, {
        redirects: 0,
        ...posted({}, gateway.login),
      })
      return { browser, id: (JSON.parse(page.text) as { account: { id: string } }).account.id }
    },
    async done(browser, path, form = {}) {
      const answer = await admin(browser, path, form)
      const location = answer.headers.get('location')
      if (answer.status !== 303 || !location?.startsWith('/admin')) {
        throw new Error(`${path} was answered by ${answer.status}: ${shown(answer)}`)
      }
      return browser.open(new URL(location, gateway.login).href)
    },
    async idOf(browser, email) {
      const { text } = await admin(browser, `/users?q=${encodeURIComponent(email)}`)
      const id = /href="\/admin\/users\/([\w-]+)"/.exec(text)?.[1]
      if (id === undefined) throw new Error(`nobody has the address ${email}`)
      return id
    },
  }
}

function posted(form: Record<string, string>, origin: string): RequestOptions {
  return {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  }
}
