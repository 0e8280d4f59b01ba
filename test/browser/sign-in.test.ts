import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { launchChromium, LOOKS, photograph } from '../support/chromium.ts'
import { createProject, type Project } from '../support/project.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let project: Project
let chromium: Browser
let people: Record<string, { password: string; groups: string[] }>
beforeAll(async () => {
  // Where there is none, nothing else is begun.
  chromium = await launchChromium()
  project = await createProject()
  const up = await project.run('up')
  if (up.code !== 0) throw new Error(up.text)
  people = (JSON.parse((await project.run('outputs', 'local', '--show-secrets')).stdout) as { people: typeof people })
    .people
})
afterAll(async () => {
  await chromium.close()
  await project.remove()
})

let context: BrowserContext
beforeEach(async () => {
  context = await chromium.newContext(LOOKS.desk)
})
afterEach(() => context.close())

/** From the identity provider's sign-in page on, to wherever that leads. */
async function identify(page: Page, user: string): Promise<void> {
  await page.fill('input[name=username]', user)
  await page.fill('input[name=password]', people[user]?.password ?? '')
  await page.click('button[type=submit]:not([value=cancel])')
  // Consent is asked once for each session at the provider.
  const allow = page.getByRole('button', { name: 'Allow' })
  const arrived = page.waitForURL((url) => url.origin === project.hello)
  await Promise.race([allow.waitFor().then(() => allow.click()), arrived])
  await arrived
}

async function signIn(page: Page, user: string, path = '/'): Promise<void> {
  await page.goto(project.hello + path)
  await page.getByRole('link', { name: 'Login with Acme' }).click()
  await identify(page, user)
}

/** Axe's findings, each in a line. */
async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: { id: string; help: string }[] }>('axe.run()')
  return violations.map(({ id, help }) => `${id}: ${help}`)
}

describe('alice', () => {
  it('signs in, reaches the app, and signs out of everything', async () => {
    const page = await context.newPage()
    await page.goto(project.hello)
    expect(new URL(page.url()).origin).toBe(project.login)
    await photograph(page, 'sign-in')
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await photograph(page, 'provider-sign-in')
    await page.fill('input[name=username]', 'alice')
    await page.fill('input[name=password]', people['alice']?.password ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    await photograph(page, 'provider-consent')
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(`${project.hello}/`)
    expect(await page.textContent('body')).toContain('Alice Archer')
    expect(await page.textContent('body')).toContain('admins')
    await photograph(page, 'app')

    await page.goto(project.login)
    await photograph(page, 'home')
    await page.goto(project.hello)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/session\/end/)
    await photograph(page, 'provider-sign-out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/signed-out/)
    await photograph(page, 'signed-out')

    await page.goto(project.hello)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    expect(await page.isVisible('input[name=password]')).toBe(true)
  })

  it('signs out from the page at the app’s host as well: of everything', async () => {
    const page = await context.newPage()
    await signIn(page, 'alice')
    await page.goto(`${project.hello}/.gatewright/sign-out`)
    await photograph(page, 'sign-out')
    await page.getByRole('button', { name: 'Sign out of everything' }).click()
    await page.waitForURL(/session\/end/)
    await page.goto(project.hello)
    expect(new URL(page.url()).origin).toBe(project.login)
  })

  it('or of the app alone, which lets her in again without asking', async () => {
    const page = await context.newPage()
    await signIn(page, 'alice')
    await page.goto(`${project.hello}/.gatewright/sign-out`)
    await page.getByRole('button', { name: 'Sign out of this app only' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(new URL(page.url()).origin).toBe(project.hello)
    await photograph(page, 'signed-out-here')
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForURL(`${project.hello}/`)
    expect(await page.textContent('body')).toContain('Alice Archer')
  })

  it('is not signed in with a wrong password', async () => {
    const page = await context.newPage()
    await page.goto(project.hello)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.fill('input[name=username]', 'alice')
    await page.fill('input[name=password]', 'wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.isVisible('input[name=password]')).toBe(true)
    await photograph(page, 'provider-wrong-password')
  })

  it('who cancels at the provider is told so, and can start again for the same page', async () => {
    const page = await context.newPage()
    await page.goto(`${project.hello}/reports`)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.getByText('Cancel').click()
    await page.waitForURL(/callback/)
    await photograph(page, 'error')
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await identify(page, 'alice')
    expect(page.url()).toBe(`${project.hello}/reports`)
  })
})

describe('bob', () => {
  it('is denied with the reason, and can sign in as someone else', async () => {
    const page = await context.newPage()
    await signIn(page, 'bob', '/secret')
    expect(page.url()).toBe(`${project.hello}/secret`)
    const text = (await page.textContent('body')) ?? ''
    expect(text).toContain('bob@partner.example')
    expect(text).toContain('people in staff')
    await photograph(page, 'denied')

    await page.getByRole('link', { name: 'Sign in as someone else' }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await identify(page, 'alice')
    expect(page.url()).toBe(`${project.hello}/secret`)
    expect(await page.textContent('body')).toContain('Alice Archer')
  })
})

describe('carol', () => {
  it('comes back to the deep link that she opened', async () => {
    const page = await context.newPage()
    const path = '/reports/2026?quarter=4&filter=a%2Bb'
    await signIn(page, 'carol', path)
    expect(page.url()).toBe(project.hello + path)
    expect(await page.textContent('body')).toContain('Carol Cooper')
  })
})

describe('two tabs', () => {
  it('that sign in at once both arrive where they were going', async () => {
    const [one, two] = [await context.newPage(), await context.newPage()]
    await Promise.all([one.goto(`${project.hello}/one`), two.goto(`${project.hello}/two`)])
    await one.getByRole('link', { name: 'Login with Acme' }).click()
    await two.getByRole('link', { name: 'Login with Acme' }).click()
    await identify(one, 'alice')
    await identify(two, 'alice')
    expect([one.url(), two.url()]).toEqual([`${project.hello}/one`, `${project.hello}/two`])
    for (const page of [one, two]) expect(await page.textContent('body')).toContain('Alice Archer')
  })
})

describe('a gateway that was killed', () => {
  it('comes back by the next up with the sessions intact', async () => {
    const page = await context.newPage()
    await signIn(page, 'alice')
    const { readFile } = await import('node:fs/promises')
    process.kill(
      Number(await readFile(`${project.folder}/.gatewright/stacks/local/gateways/gateway/pid`, 'utf8')),
      'SIGKILL',
    )
    expect(await project.run('up')).toMatchObject({ code: 0 })
    await page.goto(`${project.hello}/after`)
    expect(page.url()).toBe(`${project.hello}/after`)
    expect(await page.textContent('body')).toContain('Alice Archer')
  })
})

describe('every page', () => {
  it('works without JavaScript', async () => {
    const plain = await chromium.newContext({ ...LOOKS.desk, javaScriptEnabled: false })
    const page = await plain.newPage()
    await signIn(page, 'alice', '/plain')
    expect(page.url()).toBe(`${project.hello}/plain`)
    await plain.close()
  })

  it('has no accessibility problem that axe can find, and fits a phone', async () => {
    const phone = await chromium.newContext({ ...LOOKS.phone, bypassCSP: true })
    const page = await phone.newPage()
    const check = async () => {
      expect(await accessibilityProblems(page), page.url()).toEqual([])
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(overflow, page.url()).toBe(0)
    }
    await page.goto(project.hello)
    await check()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await check()
    await page.fill('input[name=username]', 'bob')
    await page.fill('input[name=password]', people['bob']?.password ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    await check()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(`${project.hello}/`)
    await check()
    for (const path of ['/', '/sign-out', '/signed-out', '/missing', '/callback/acme?state=x']) {
      await page.goto(project.login + path)
      await check()
    }
    await phone.close()
  })
})
