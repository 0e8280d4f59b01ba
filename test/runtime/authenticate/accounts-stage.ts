import type { RuntimeConfig } from '../../../runtime/config.ts'
import { type Browser, createBrowser, type Page } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { type MailServer, startMailServer } from '../../support/mail-server.ts'
import { type Claims, type OpenIdProvider, startOpenIdProvider } from '../../support/openid-provider.ts'
import { freePorts } from '../../support/ports.ts'
import { providerDefaults } from '../../support/release.ts'

/** A gateway with two identity providers, accounts of its own, and mail. */
export interface AccountsStage {
  gateway: TestGateway
  /** The providers `acme` and `globex`. */
  acme: OpenIdProvider
  globex: OpenIdProvider
  mail: MailServer
  /** Opens the app and goes to a provider and back. */
  signInBy(provider: 'acme' | 'globex', person: Claims, browser?: Browser): Promise<{ browser: Browser; page: Page }>
  close(): Promise<void>
}

/** A person as a provider tells of them. */
export function person(name: string, more: Claims = {}): Claims {
  return { sub: name, name, email: `${name}@acme.example`, email_verified: true, groups: ['staff'], ...more }
}

/** Starts one; close it in `afterAll` or `onTestFinished`. */
export async function startAccountsStage(change?: (config: RuntimeConfig) => void): Promise<AccountsStage> {
  const [port = 0] = await freePorts(1)
  const [globex, mail] = await Promise.all([startOpenIdProvider(port), startMailServer()])
  const gateway = await startTestGateway({
    config(config) {
      const { acme } = config.identityProviders
      if (!acme) throw new Error('there is no provider acme')
      const another = {
        ...acme,
        ...providerDefaults,
        name: 'Globex',
        buttonText: 'Login with Globex',
        issuer: globex.issuer,
      }
      config.identityProviders['globex'] = another
      config.registrations['globex'] = [{ name: 'first', clientId: 'gateway-client' }]
      for (const brand of Object.values(config.brands)) {
        Object.assign(brand, { identityProviders: ['acme', 'globex'], password: 'on', passkeys: true })
      }
      for (const route of Object.values(config.routes)) route.identityProviders = ['acme', 'globex', 'accounts']
      config.mail = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'login@acme.example' }
      change?.(config)
    },
  })
  return {
    gateway,
    acme: gateway.provider,
    globex,
    mail,
    async signInBy(provider, who, browser = createBrowser()) {
      const idp = provider === 'acme' ? gateway.provider : globex
      idp.behaviour.person = who
      const offered = await browser.open(`${gateway.hello}/`)
      const href = new RegExp(`href="(/sign-in/${provider}[^"]*)"`).exec(offered.text)?.[1]?.replaceAll('&amp;', '&')
      if (href === undefined)
        throw new Error(`${provider} is not offered at ${offered.url}: ${offered.text.slice(-1_500)}`)
      return { browser, page: await browser.open(new URL(href, offered.url).href) }
    },
    async close() {
      await gateway.close()
      await Promise.all([globex.close(), mail.close()])
    },
  }
}

/** The address in a mail's text that leads to a page of the login host. */
export function linkIn(text: string, path: string): string {
  const found = /https?:\/\/\S+/g
  const link = [...text.matchAll(found)].map(([url]) => url).find((url) => new URL(url).pathname === path)
  if (link === undefined) throw new Error(`no link leads to ${path}: ${text}`)
  return link
}
