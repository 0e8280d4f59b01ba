import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'

import { createBrowser, type Page } from '../support/browser.ts'
import { ownFiles } from '../support/leaks.ts'
import type { TestPangolin } from '../support/pangolin/index.ts'
import { type Pangolins, startPangolins } from '../support/pangolin/pangolins.ts'
import { createProject, finish, type Outcome, type Project } from '../support/project.ts'

const API_KEY_VARIABLE = 'PANGOLIN_API_KEY'
const EVIL = 'https://evil.example/callback'
let pangolins: Pangolins
let pangolin: TestPangolin
let project: Project
/** How every command ended. */
const said: Outcome[] = []

beforeAll(async () => {
  pangolins = await startPangolins()
  pangolin = pangolins.endpoints
  const { file } = pangolins.certificate
  project = await createProject({
    stackFile: () => stringify({ config: stackConfig() }),
    environment: {
      NODE_EXTRA_CA_CERTS: file,
      SSL_CERT_FILE: file,
      [API_KEY_VARIABLE]: pangolin.apiKey,
      ...pangolins.pocketId.environment,
    },
  })
})
afterAll(async () => {
  await project.remove()
  await pangolins.close()
})

describe('a Pangolin that signs people in by Pocket ID', () => {
  it('comes to be once on both sides, although deployments are killed before they hear of what was done', async () => {
    // Makes the stack's file and backend.
    await project.run('env')
    await killUp(pangolin, /^PUT \/v1\/idp\/oidc$/)
    await killUp(pangolins.pocketId, /^POST .*\/clients$/)
    await killUp(pangolin, /^POST \/v1\/idp\/\d+\/oidc$/)
    await expectWellEnded(project.run('up'))
    expect(pangolin.inventory()).toEqual(['identity provider People', 'policy of acme'])
    const [client, ...others] = pangolins.pocketId.tenant.clients.values()
    expect(others).toEqual([])
    expect(client?.callbackURLs).toEqual([theCallback()])
    expect(pangolins.pocketId.liveSecrets()).toEqual([theOnly().client.clientSecret])
  })

  it('lets people in through Pangolin’s own callback', async () => {
    const page = await signInAs('Alice')
    expect(page.url).toBe(`${pangolin.url}/`)
    expect(page.text).toContain('Signed in: Alice Archer (alice, alice@acme.example)')
    expect(page.text).toContain('In: acme as Member<')
  })

  it('keeps out whom Pocket ID does', async () => {
    expect((await signInAs('Bob')).text).toContain('access_denied')
    expect(pangolin.installation.users.map(({ username }) => username)).toEqual(['alice'])
  })

  it('is not touched by a second preview', async () => {
    await expectWellEnded(project.pulumi('preview', '-s', 'local', '--refresh', '--expect-no-changes'))
  })

  it('follows a change of the stack file, in place', async () => {
    await project.editStack((text) =>
      text.replace('role: Member', 'role: Admin').replace('name: People', 'name: Staff'),
    )
    await expectWellEnded(project.run('up'))
    expect(pangolin.inventory()).toEqual(['identity provider Staff', 'policy of acme'])
    expect((await signInAs('Alice')).text).toContain('In: acme as Admin<')
  })

  it('is put back on both sides after somebody changed it by hand', async () => {
    const before = structuredClone(theOnly())
    Object.assign(theOnly().client, { identifierPath: 'email', authUrl: 'https://evil.example/authorize' })
    Object.assign(theOnly().idp, { defaultOrgMapping: '`true`' })
    Object.assign(pangolin.installation.policies[0] ?? {}, { roleMapping: "'Owner'" })
    pangolins.pocketId.tamper(EVIL)
    const shown = project.pulumi('refresh', '-s', 'local', '--preview-only', '--diff', '--non-interactive')
    const { text } = await expectWellEnded(shown)
    for (const foreign of [EVIL, 'https://evil.example/authorize', "'Owner'", '`true`']) expect(text).toContain(foreign)
    const review = await expectWellEnded(project.run('review', 'local'))
    expect(review.stdout).toContain("somebody changed the `roleMapping` of `tunnel.acme` from `'Admin'` to `'Owner'`")
    expect(review.stdout).toContain('somebody added the `defaultOrgMapping`')
    await expectWellEnded(project.run('up'))
    expect(theOnly()).toEqual(before)
    expect(pangolin.installation.policies).toMatchObject([{ roleMapping: "'Admin'" }])
    expect(pangolins.pocketId.redirectUris()).toEqual([theCallback()])
  })

  it('is made anew when it is gone, and its client goes with it to the new callback', async () => {
    const former = theCallback()
    pangolin.installation.identityProviders.clear()
    pangolin.installation.policies.length = 0
    await expectWellEnded(project.run('up'))
    expect(theCallback()).not.toBe(former)
    expect(pangolins.pocketId.redirectUris()).toEqual([theCallback()])
    expect((await signInAs('Carol')).text).toContain('In: acme as Admin<')
  })

  it('gets a new secret while people sign in, and none of them notices', async () => {
    const former = theOnly().client.clientSecret
    const running = { now: true }
    const rotated = expectWellEnded(
      project.run('rotate', 'local', 'people', '--yes').finally(() => (running.now = false)),
    )
    const pages: Page[] = []
    do {
      pages.push(await signInAs('Carol'))
      await delay(300)
    } while (running.now)
    await rotated
    expect(pages.length).toBeGreaterThan(3)
    for (const { text } of pages) expect(text).toContain('Signed in: Carol Cooper')
    expect(pangolins.pocketId.liveSecrets()).toEqual([theOnly().client.clientSecret])
    expect(theOnly().client.clientSecret).not.toBe(former)
  })

  it('shows another Pangolin no credential in a preview, and changes nothing there when it is deployed', async () => {
    const { api, log, installation } = pangolins.discovery
    const theirs = structuredClone(theOnly())
    Object.assign(theirs.idp, { name: 'Theirs', defaultOrgMapping: null, defaultRoleMapping: null })
    installation.identityProviders.set(theirs.idp.idpId, theirs)
    installation.keys.push({ value: pangolin.apiKey, isRoot: true })
    const before = structuredClone(theirs)
    await project.editStack((text) => text.replace(pangolin.api, api))
    await expectWellEnded(project.pulumi('preview', '-s', 'local', '--refresh'))
    expect(log).toEqual([])
    const up = await project.pulumi('up', '-s', 'local', '--yes', '--skip-preview')
    said.push(up)
    expect(up.code, up.text).not.toBe(0)
    expect(up.text).toContain('that is another Pangolin')
    expect(theirs).toEqual(before)
    await project.editStack((text) => text.replace(api, pangolin.api))
    await expectWellEnded(project.run('up'))
    expect((await signInAs('Carol')).text).toContain('Signed in: Carol Cooper')
  })

  it('leaves none of its secrets in plain text in state, logs or anything that was printed', async () => {
    const secrets = [...pangolins.pocketId.secretsEverSeen(), ...pangolin.installation.secretsEverSeen]
    const marks = new Set([...pangolin.installation.identityProviders.values()].map(({ idp }) => idp.defaultOrgMapping))
    const everywhere = [...said.map(({ text }) => text), ...(await ownFiles(project.folder))].join('\n')
    // A mark is no secret: it stands in Pangolin's own pages.
    const leaked = secrets.filter(
      (secret) => ![...marks].some((mark) => mark?.includes(secret)) && everywhere.includes(secret),
    )
    expect(leaked).toHaveLength(0)
  })

  it('leaves with the stack, and nothing of the stack stays on either side', async () => {
    await expectWellEnded(project.run('down'))
    expect(pangolin.inventory()).toEqual([])
    expect(pangolins.pocketId.inventory()).toEqual([])
  })
})

function stackConfig(): object {
  const { directory: _, ...identityProvider } = pangolins.pocketId.settings
  return {
    'gatewright:identityProviders': { people: { name: 'Acme', ...identityProvider } },
    'gatewright:relyingParties': {
      tunnel: {
        kind: 'pangolin',
        url: pangolin.url,
        api: pangolin.api,
        credentials: { apiKey: { env: API_KEY_VARIABLE } },
        identityProvider: 'people',
        name: 'People',
        autoProvision: true,
        organizations: { acme: { role: 'Member' } },
      },
    },
    'gatewright:target': { kind: 'none' },
  }
}

function theOnly() {
  const [stored, ...others] = pangolin.installation.identityProviders.values()
  if (!stored || others.length > 0) throw new Error(pangolin.inventory().join())
  return stored
}

function theCallback(): string {
  return `${pangolin.url}/auth/idp/${theOnly().idp.idpId}/oidc/callback`
}

/** Ends well, and is kept for the search for secrets. */
async function expectWellEnded(command: Promise<Outcome>): Promise<Outcome> {
  const outcome = await command
  said.push(outcome)
  expect(outcome, outcome.text).toMatchObject({ code: 0 })
  return outcome
}

/** Kills the CLI when one of the two has done what was asked and has not answered yet. */
async function killUp({ faults }: Pick<TestPangolin, 'faults'>, request: RegExp): Promise<void> {
  const up = await project.startPulumi('up', '-s', 'local', '--yes', '--skip-preview')
  faults.after = ({ method, url }) => {
    if (!request.test(`${method} ${url.pathname}`)) return undefined
    up.kill('SIGKILL')
    return 'hang'
  }
  const outcome = await finish(up)
  faults.after = undefined
  said.push(outcome)
  expect(up.signalCode, outcome.text).toBe('SIGKILL')
}

/** One sign-in from nothing, without a screen: what was shown in the end. */
async function signInAs(person: string): Promise<Page> {
  const browser = createBrowser(pangolins.certificate.cert)
  const signInPage = await browser.open(`${pangolin.url}/`)
  const people = await browser.open(linkIn(signInPage, /<li><a href="([^"]*)">/))
  return browser.open(linkIn(people, new RegExp(`href="([^"]*)">${person}`)))
}

function linkIn({ text, url }: Page, pattern: RegExp): string {
  const link = pattern.exec(text)?.[1]
  if (link === undefined) throw new Error(`${url} has no such link: ${text.slice(0, 300)}`)
  return new URL(link.replaceAll('&amp;', '&'), url).href
}
