import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'

import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import * as pages from '../../runtime/pages/index.ts'
import { Refusal, type RefusalCode } from '../../runtime/refusal.ts'
import { refusalResponse } from '../../runtime/server/refusal-response.ts'
import { launchChromium, LOOKS, photograph } from '../support/chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const brandName = 'Acme'
const host = 'grafana.eu.acme.example'
const person = 'alice.archer@acme.example'

/** Each page as people may see it, long words with it. */
const SHOWN: Record<string, () => Response> = {
  'sign-in-notice': () =>
    own(
      pages.signInPage({
        brandName,
        destination: host,
        notice: 'Your session has ended. Sign in again to go on.',
        providers: [
          { id: 'okta', buttonText: 'Login with Okta', href: '/sign-in/okta' },
          { id: 'entra', buttonText: 'Login with Microsoft Entra ID', href: '/sign-in/entra' },
        ],
      }),
    ),
  'sign-out-of-app': () =>
    own(pages.signOutPage({ brandName, person, app: host, action: '/.gatewright/sign-out' }), ["'self'"]),
  'sign-out-of-everything': () => own(pages.signOutPage({ brandName, person, action: '/sign-out' }), ["'self'"]),
  'signed-out-of-app': () =>
    own(
      pages.signedOutPage({
        brandName,
        app: host,
        ended: [`Your session at ${host}`],
        remaining: [
          { what: `Your session at ${brandName}`, why: 'The app lets you in again without asking for a password.' },
        ],
        signInHref: '/',
        signOutHref: 'https://login.acme.example/sign-out',
      }),
    ),
  'signed-out-of-everything': () =>
    own(
      pages.signedOutPage({
        brandName,
        ended: ['Your session at Acme, and at every app behind it'],
        remaining: [
          {
            what: 'Your session at Okta',
            why: 'It did not answer. If others use this browser, sign out there as well.',
          },
        ],
        signInHref: '/sign-in',
      }),
    ),
  'signed-out-nothing-left': () => own(pages.signedOutPage({ brandName, ended: [], signInHref: '/sign-in' })),
  resume: () =>
    own(
      pages.resumePage({
        brandName,
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
      'anywhere',
    ),
  ...Object.fromEntries(
    (
      [
        'sign_in_required',
        'sign_in_expired',
        'sign_in_loop',
        'cookies_blocked',
        'provider_unreachable',
        'client_refused',
        'clock_skew',
        'groups_incomplete',
        'step_up_failed',
        'hand_over_invalid',
        'kept_body_gone',
        'rate_limited',
      ] satisfies RefusalCode[]
    ).map((code) => [
      `refusal-${code.replaceAll('_', '-')}`,
      () =>
        refusalResponse(new Refusal(code, 'never shown', { retry: '/' }), {
          requestId: 'b9b8a9a4-3c1f-4b7e-9d52-0a6f4d1f7c11',
          page: true,
          brandName,
          address: '/',
        }),
    ]),
  ),
}

function own(page: string, formAction: readonly string[] | 'anywhere' = []): Response {
  return new Response(page, { headers: pages.pageHeaders({ formAction }) })
}

let server: Server
let base: string
let chromium: Browser
let plain: BrowserContext
/** Axe is a script, which no page of ours allows. */
let phone: BrowserContext
beforeAll(async () => {
  server = createServer((request, response) => {
    const made = SHOWN[request.url?.slice(1) ?? '']?.()
    response.writeHead(made?.status ?? 404, Object.fromEntries(made?.headers ?? []))
    void made?.text().then((text) => response.end(text))
    if (!made) response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  chromium = await launchChromium()
  plain = await chromium.newContext()
  phone = await chromium.newContext({ ...LOOKS['phone'], bypassCSP: true })
})
afterAll(async () => {
  await chromium.close()
  server.closeAllConnections()
  await once(server.close(), 'close')
})

describe.each(Object.keys(SHOWN))('%s', (name) => {
  it('is styled under its own policy, in every look', async () => {
    const page = await plain.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    await page.goto(`${base}/${name}`)
    await photograph(page, name)
    // That a refusal has its status is no complaint.
    expect(complaints.filter((text) => !/status of [45]\d\d/.test(text))).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).borderRadius')).toBe('16px')
    await page.close()
  })

  it('has no accessibility problem that axe can find, by day and by night, and fits a phone', async () => {
    const page = await phone.newPage()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(`${base}/${name}`)
      await page.evaluate(axe)
      const { violations } = await page.evaluate<{ violations: { id: string; help: string }[] }>('axe.run()')
      expect(violations.map(({ id, help }) => `${colorScheme} ${id}: ${help}`)).toEqual([])
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    await page.close()
  })
})
