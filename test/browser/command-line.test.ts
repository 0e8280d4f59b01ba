import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

import { launchChromium, LOOKS, photograph } from '../support/chromium.ts'
import { askAsProgram, startCommandLine } from '../support/command-line.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let gateway: TestGateway
let chromium: Browser
beforeAll(async () => {
  ;[gateway, chromium] = await Promise.all([startTestGateway(), launchChromium()])
})
afterAll(async () => {
  await chromium.close()
  await gateway.close()
})

/** A person whom a program has sent here, signed in and asked. */
async function asked(host: '127.0.0.1' | '[::1]') {
  const program = await startCommandLine(host)
  const context = await chromium.newContext(LOOKS.desk)
  onTestFinished(async () => {
    await context.close()
    await program.close()
  })
  const page = await context.newPage()
  await page.goto(program.address(gateway.hello))
  await page.getByRole('link', { name: 'Login with Acme' }).click()
  await page.getByRole('button', { name: 'Let it in' }).waitFor()
  return { page, program }
}

it.each(['127.0.0.1', '[::1]'] as const)('a click lets a program in that listens on %s', async (host) => {
  const { page, program } = await asked(host)
  await page.getByRole('button', { name: 'Let it in' }).click()
  await page.waitForURL(`${program.redirectUri}?**`)
  const { json } = await program.redeem(gateway.hello)
  const headers = { authorization: `Bearer ${String(json['access_token'])}` }
  expect((await askAsProgram(`${gateway.hello}/api`, { headers })).text).toBe('app saw /api')
})

it('a click on Cancel tells the program that nobody let it in', async () => {
  const { page, program } = await asked('127.0.0.1')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.waitForURL(`${program.redirectUri}?**`)
  expect(program.answers.at(-1)?.get('error')).toBe('access_denied')
})

it('the question can be read by everybody', async () => {
  const { page } = await asked('127.0.0.1')
  await photograph(page, 'command-line')
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: { id: string; help: string }[] }>('axe.run()')
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([])
})
