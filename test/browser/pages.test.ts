import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'

import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { logoResponse } from '../../runtime/pages/index.ts'
import { launchChromium, LOOKS, photograph } from '../support/chromium.ts'
import { GALLERY, LOGO } from './gallery.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server: Server
let base: string
let chromium: Browser
let plain: BrowserContext
/** Axe is a script, which no page of ours allows. */
let phone: BrowserContext
beforeAll(async () => {
  server = createServer((request, response) => {
    const made = request.url === '/logo/brand' && LOGO ? logoResponse(LOGO) : GALLERY[request.url?.slice(1) ?? '']?.()
    response.writeHead(made?.status ?? 404, Object.fromEntries(made?.headers ?? []))
    void made?.bytes().then((bytes) => response.end(bytes))
    if (!made) response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  chromium = await launchChromium()
  plain = await chromium.newContext()
  phone = await chromium.newContext({ ...LOOKS.phone, bypassCSP: true })
})
afterAll(async () => {
  await chromium.close()
  server.closeAllConnections()
  await once(server.close(), 'close')
})

describe.each(Object.keys(GALLERY))('%s', (name) => {
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
