import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { launchChromium, LOOKS, photograph } from '../support/chromium.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { newcomer } from '../support/openid-provider.ts'

/** What a form of an app may hold, HTML's own trouble with it. */
const VALUES = {
  plain: 'Ann',
  quotes: `"double" 'single' <b>&amp;</b> &copy;`,
  lines: 'one\ntwo\r\n\r\nthree',
  leading: '\n\nafter two line breaks',
  spaces: '  around  ',
  world: 'Ä 漢字 😀 \u202e',
  empty: '',
}

let gateway: TestGateway
let chromium: Browser
const received: { url: string | undefined; type: string | undefined; body: string }[] = []
beforeAll(async () => {
  gateway = await startTestGateway({
    provider: { claims: newcomer },
    app(request, response) {
      if (request.method !== 'POST') {
        response.setHeader('content-type', 'text/html; charset=utf-8').end(FORM_PAGE)
        return
      }
      void take(request, response)
    },
  })
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium.close()
  await gateway.close()
})

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  received.push({ url: request.url, type: request.headers['content-type'], body: await text(request) })
  // To another host: a policy for forms on our page would break it off.
  response.writeHead(303, { location: `${gateway.docs}/done` }).end()
}

const FORM_PAGE = `<!doctype html><title>Form</title>
<form method="post" action="/orders/7?draft=1" id="form">
<textarea name="text"></textarea><input name="text"><input type="hidden" name="_charset_"><button name="button" value="go">Go</button></form>
<form method="post" action="/files" enctype="multipart/form-data" id="files"><input name="a" value="1"><button>Go</button></form>`

/** Opens the app's form as somebody who is signed in, whose session at the app then ends. */
async function openForm(): Promise<Page> {
  const context = await chromium.newContext(LOOKS.desk)
  const page = await context.newPage()
  await page.goto(`${gateway.hello}/form`)
  await page.getByRole('link', { name: 'Login with Acme' }).click()
  await page.waitForURL(`${gateway.hello}/form`)
  await context.clearCookies({ name: '__Host-gatewright-session' })
  return page
}

async function fill(page: Page, value: string): Promise<void> {
  const script = `(value) => { for (const field of document.forms.form.elements) if (field.name === 'text') field.value = value }`
  await page.evaluate(`(${script})(${JSON.stringify(value)})`)
}

describe('a form whose session had ended', () => {
  it.each(Object.entries(VALUES))('reaches the app as the browser wrote it: %s', async (name, value) => {
    const page = await openForm()
    await fill(page, value)
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await page.getByRole('button', { name: 'Go' }).first().click()
    const original = (await sent).postData()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.waitForURL(/\.gatewright\/resume/)
    if (name === 'quotes') await photograph(page, 'kept-form')
    const before = received.length
    await page.getByRole('button', { name: 'Send it now' }).click()
    await page.waitForURL(`${gateway.docs}/done`)
    expect(received.slice(before)).toEqual([
      { url: '/orders/7?draft=1', type: 'application/x-www-form-urlencoded', body: original },
    ])
    await page.context().close()
  })

  it('with files is to be sent again, and the way there leads over sign-in', async () => {
    const page = await openForm()
    const before = received.length
    await page.getByRole('button', { name: 'Go' }).last().click()
    await page.getByRole('heading', { name: 'Please sign in' }).waitFor()
    await photograph(page, 'form-not-kept')
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.waitForURL(`${gateway.hello}/files`)
    expect(received.length).toBe(before)
    await page.context().close()
  })

  it('from another site never gets so far', async () => {
    const page = await openForm()
    const before = received.length
    await page.goto(`${gateway.docs}/`)
    await page.setContent(
      `<form method="post" action="${gateway.hello}/orders"><input name="a" value="1"><button>Win</button></form>`,
    )
    await page.getByRole('button', { name: 'Win' }).click()
    await page.getByRole('heading', { name: 'Please sign in' }).waitFor()
    expect(received.length).toBe(before)
    await page.context().close()
  })
})

describe('a browser that blocks cookies', () => {
  it('at the app’s host is told so instead of going round', async () => {
    const context = await chromium.newContext(LOOKS.desk)
    const page = await context.newPage()
    await page.goto(`${gateway.hello}/form`)
    await context.clearCookies({ domain: new URL(gateway.hello).hostname })
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.getByRole('heading', { name: 'None of our cookies came back' }).waitFor()
    expect(new URL(page.url()).origin).toBe(gateway.hello)
    await context.close()
  })
})
