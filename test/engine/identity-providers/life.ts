import { setTimeout as delay } from 'node:timers/promises'

import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { launchChromium } from '../../support/chromium.ts'
import { createCertificate, type TestCertificate, type Vendor } from '../../support/idp/index.ts'
import { ownFiles } from '../../support/leaks.ts'
import { createProject, finish, type Outcome, type Project } from '../../support/project.ts'
import { vendorStackFile } from '../../support/stack-file.ts'

/** What differs between vendors in the life of a client. */
export interface LifeOptions {
  /** Pulumi packages whose plugins the kind needs. */
  plugins?: readonly string[]
  /**
   * Requests, as `METHOD /path`, after which the CLI is killed before it hears that the vendor has done it: one deployment
   * after the other, before the first that comes to its end.
   */
  killAfter?: readonly RegExp[]
  /** How many secrets may be good after those kills: more than 1 where a take-over keeps one that somebody may use. */
  secretsAfterKills?: number
  /** The vendor puts no groups into ID tokens. */
  withoutGroups?: boolean
}

const BY_EMAIL = 'user.email.endsWith("@acme.example")'
const EVIL = 'https://evil.example/callback'

type StartVendor<V extends Vendor> = (certificate: TestCertificate) => Promise<V>

/**
 * The whole life of a client at a vendor, through the real engine, the running gateway and a real browser: registered in
 * spite of kills and a busy vendor, signed in with, changed by hand, put back, rotated under sign-ins, removed.
 */
export function describeLife(kind: string, startVendor: StartVendor<Vendor>, options: LifeOptions = {}): void {
  describe(`a client at ${kind}`, () => {
    const life = beginLife(kind, startVendor, options)
    comesToBeOnce(life, options)
    letsPeopleIn(life)
    keepsOthersOut(life)
    isLeftAlone(life)
    isPutBack(life)
    rotates(life)
    keepsItsSecrets(life)
    leaves(life)
  })
}

/**
 * The life of a client that somebody makes by hand: neither its drift nor its rotation is ours.
 * @param steps what they do from one secret to the next, with an `up` after each
 */
export function describeBroughtLife<V extends Vendor>(
  kind: string,
  startVendor: StartVendor<V>,
  steps: readonly ((vendor: V, project: Project) => Promise<void>)[],
  options: LifeOptions = {},
): void {
  describe(`a client that was made by hand at ${kind}`, () => {
    const life = beginLife(kind, startVendor, options)
    tellsWhatToPaste(life)
    letsPeopleIn(life)
    keepsOthersOut(life)
    isLeftAlone(life)
    rotatesByHand(life, steps)
    keepsItsSecrets(life)
    leaves(life)
  })
}

/** All that a life has; filled in before its first test. */
interface Life<V extends Vendor> {
  kind: string
  certificate: TestCertificate
  vendor: V
  project: Project
  chromium: Chromium
  /** How every command ended. */
  said: Outcome[]
}

function beginLife<V extends Vendor>(kind: string, startVendor: StartVendor<V>, options: LifeOptions): Life<V> {
  const life = { kind, said: [] as Outcome[] } as unknown as Life<V>
  beforeAll(async () => {
    life.certificate = createCertificate()
    life.vendor = await startVendor(life.certificate)
    const { file } = life.certificate
    const rule = options.withoutGroups ? { allow: BY_EMAIL } : {}
    life.project = await createProject({
      stackFile: (ports) =>
        vendorStackFile(ports, { identityProviders: { [kind]: { name: 'Acme', ...life.vendor.settings } }, ...rule }),
      plugins: options.plugins ?? [],
      environment: { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file, ...life.vendor.environment },
    })
    life.chromium = await launchChromium()
  })
  afterAll(async () => {
    await life.chromium.close()
    await life.project.remove()
    await life.vendor.close()
    life.certificate.remove()
  })
  return life
}

/** Ends well, and is kept for the search for secrets. */
async function expectWellEnded(life: Life<Vendor>, command: Promise<Outcome>): Promise<Outcome> {
  const outcome = await command
  life.said.push(outcome)
  expect(outcome, outcome.text).toMatchObject({ code: 0 })
  return outcome
}

function comesToBeOnce(life: Life<Vendor>, { killAfter = [], secretsAfterKills = 1 }: LifeOptions): void {
  it('comes to be once, although the vendor is busy and deployments are killed before they hear of it', async () => {
    const { project, vendor } = life
    // Makes the stack's file and backend.
    await project.run('env')
    for (const request of killAfter) await killUp(life, request)
    vendor.faults.before = busyFor(3)
    await expectWellEnded(life, project.run('up'))
    vendor.faults.before = undefined
    expect(vendor.inventory()).not.toEqual([])
    expect(vendor.inventory()).toEqual([...new Set(vendor.inventory())])
    expect(vendor.liveSecrets()).not.toEqual([])
    expect(vendor.liveSecrets().length).toBeLessThanOrEqual(secretsAfterKills)
  })
}

/** Kills the CLI when the vendor has done what was asked and has not answered yet. */
async function killUp({ project, vendor, said }: Life<Vendor>, request: RegExp): Promise<void> {
  const up = await project.startPulumi('up', '-s', 'local', '--yes', '--skip-preview')
  vendor.faults.after = ({ method, url }) => {
    if (!request.test(`${method} ${url.pathname}`)) return undefined
    up.kill('SIGKILL')
    return 'hang'
  }
  const outcome = await finish(up)
  vendor.faults.after = undefined
  said.push(outcome)
  expect(up.signalCode, outcome.text).toBe('SIGKILL')
}

/** Refuses every so many requests of a deployment: what may be asked again with 503, all else with 429. */
function busyFor(everyNth: number): NonNullable<Vendor['faults']['before']> {
  let count = 0
  return ({ method }) => {
    count += 1
    if (count % everyNth !== 0) return undefined
    if (method === 'GET') return { status: 503, body: {} }
    const reset = String(Math.ceil(Date.now() / 1000))
    return { status: 429, headers: { 'retry-after': '0', 'x-rate-limit-reset': reset }, body: {} }
  }
}

function tellsWhatToPaste<V extends Vendor>(life: Life<V>): void {
  it('is told which callback to have, where somebody makes it by hand', async () => {
    const up = await expectWellEnded(life, life.project.run('up'))
    const callback = `${life.project.login}/callback/${life.kind}`
    expect(up.text).toContain(`  ${callback}`)
    life.vendor.tamper(callback)
  })
}

function letsPeopleIn(life: Life<Vendor>): void {
  it('has exactly the callback, and lets people in with a browser', async () => {
    const { project, chromium, vendor, kind } = life
    expect(vendor.redirectUris()).toEqual([`${project.login}/callback/${kind}`])
    const context = await chromium.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`${project.hello}/reports/7?x=1`)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.getByRole('link', { name: 'Alice Archer' }).click()
    await page.waitForURL((url) => url.origin === project.hello)
    expect(page.url()).toBe(`${project.hello}/reports/7?x=1`)
    // What only the app writes: a page of ours that refuses somebody names them, too.
    expect(await page.textContent('body')).toMatch(/Hello, Alice Archer[^]*Assertion valid until/)
    await context.close()
  })
}

function keepsOthersOut(life: Life<Vendor>): void {
  it('keeps out who may not pass, be it at the vendor or by the route’s rule', async () => {
    const page = await signInAs(life, 'Bob')
    expect(page).not.toContain('Assertion valid until')
    // Our own words, for the one and for the other.
    expect(page).toMatch(/You were not signed in|You don’t have access/)
  })
}

function isLeftAlone(life: Life<Vendor>): void {
  it('is not touched by a second preview', async () => {
    await expectWellEnded(life, life.project.pulumi('preview', '-s', 'local', '--refresh', '--expect-no-changes'))
  })
}

function isPutBack(life: Life<Vendor>): void {
  it('is put back after somebody changed a callback by hand, which is shown as one line and as a sentence', async () => {
    const { project, vendor, kind } = life
    const callback = `${project.login}/callback/${kind}`
    vendor.tamper(EVIL)
    const shown = project.pulumi('refresh', '-s', 'local', '--preview-only', '--diff', '--non-interactive')
    const refresh = await expectWellEnded(life, shown)
    expect(
      refresh.text.split('\n').filter((line) => line.includes(EVIL)),
      refresh.text,
    ).toHaveLength(1)
    const review = await expectWellEnded(life, project.run('review', 'local'))
    expect(review.stdout).toMatch(new RegExp(`somebody added the callback \`${EVIL}\` to \`${kind}-gateway`))
    await expectWellEnded(life, project.run('up'))
    expect(vendor.redirectUris()).toEqual([callback])
  })
}

function rotates(life: Life<Vendor>): void {
  it('gets a new secret while people sign in, and none of them notices', async () => {
    const { project, vendor, kind } = life
    const before = vendor.liveSecrets()
    const pages = await signInsDuring(life, project.run('rotate', 'local', kind, '--yes'))
    expect(pages.length).toBeGreaterThan(3)
    expect(vendor.liveSecrets()).toHaveLength(1)
    expect(before).not.toContain(vendor.liveSecrets()[0])
    expectCarol(await signInAs(life, 'Carol'))
  })
}

function rotatesByHand<V extends Vendor>(
  life: Life<V>,
  steps: readonly ((vendor: V, project: Project) => Promise<void>)[],
): void {
  it('gets a new secret by hand while people sign in, and none of them notices', async () => {
    const { project, vendor } = life
    const before = vendor.liveSecrets()
    for (const step of steps) {
      await step(vendor, project)
      await signInsDuring(life, project.run('up'))
    }
    expect(vendor.liveSecrets()).toHaveLength(1)
    expect(before).not.toContain(vendor.liveSecrets()[0])
    expectCarol(await signInAs(life, 'Carol'))
  })
}

function keepsItsSecrets(life: Life<Vendor>): void {
  it('leaves none of its secrets in plain text in state, logs or anything that was printed', async () => {
    const secrets = life.vendor.secretsEverSeen()
    expect(secrets.length).toBeGreaterThan(0)
    const everywhere = [...life.said.map(({ text }) => text), ...(await ownFiles(life.project.folder))].join('\n')
    for (const secret of secrets) expect(everywhere.includes(secret)).toBe(false)
  })
}

function leaves(life: Life<Vendor>): void {
  it('leaves with the stack, and nothing of the stack stays at the vendor', async () => {
    await expectWellEnded(life, life.project.run('down'))
    expect(life.vendor.inventory()).toEqual([])
  })
}

/**
 * Has people sign in, one after the other, for as long as a command runs, and each of them reach the app.
 * @returns what the app showed them
 */
async function signInsDuring(life: Life<Vendor>, command: Promise<Outcome>): Promise<string[]> {
  const running = { now: true }
  const ended = expectWellEnded(
    life,
    command.finally(() => (running.now = false)),
  )
  const pages: string[] = []
  do {
    pages.push(await signInAs(life, 'Carol'))
    // One account may sign in thirty times a minute.
    await delay(2_500)
  } while (running.now)
  await ended
  for (const page of pages) expectCarol(page)
  return pages
}

function expectCarol(page: string): void {
  expect(page).toMatch(/Hello, .*Carol Cooper[^]*Assertion valid until/)
}

/** One sign-in from nothing, without a screen: what was shown in the end. */
async function signInAs({ project, certificate }: Life<Vendor>, person: string): Promise<string> {
  const browser = createBrowser(certificate.cert)
  const signInPage = await browser.open(`${project.hello}/`)
  const people = await browser.open(linkIn(signInPage.text, /href="(\/sign-in\/[^"]*)"/, signInPage.url))
  const app = await browser.open(linkIn(people.text, new RegExp(`href="([^"]*)">${person}`), people.url))
  return app.text
}

function linkIn(html: string, pattern: RegExp, base: string): string {
  const link = pattern.exec(html)?.[1]
  if (link === undefined) throw new Error(`${base} has no such link: ${html.slice(0, 500)}`)
  return new URL(link.replaceAll('&amp;', '&'), base).href
}
