import { appendFile } from 'node:fs/promises'

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startEntra } from '../support/idp/entra/index.ts'
import { startGoogle } from '../support/idp/google/index.ts'
import { createCertificate, type TestCertificate } from '../support/idp/index.ts'
import { startOkta } from '../support/idp/okta/index.ts'
import { createProject, type Outcome, type Project } from '../support/project.ts'
import {
  hostInTest,
  PRODUCTION_APPS,
  productionStackFile,
  type ProductionVendors,
  signInBy,
  startSurroundings,
  startTraffic,
  type Surroundings,
} from '../support/site/index.ts'
import { shown } from '../support/visitor.ts'

const NAMESPACE = 'gatewright'

/** Who comes how to which app; in a brand nobody comes twice, since the second way in would first be joined to the first. */
const SIGN_INS = [
  { provider: 'staff', person: 'Alice Archer', host: 'grafana.acme.example' },
  { provider: 'microsoft', person: 'Carol Cooper', host: 'grafana.acme.example' },
  { provider: 'google', person: 'Bob Baker', host: 'wiki.acme.example' },
  { provider: 'google', person: 'Alice Archer', host: 'shop.example' },
  { provider: 'microsoft', person: 'Bob Baker', host: 'portal.partners.example' },
  { provider: 'google', person: 'Carol Cooper', host: 'portal.partners.example' },
] as const

let certificate: TestCertificate
let vendors: ProductionVendors
let around: Surroundings
let project: Project
let database: string
beforeAll(async () => {
  certificate = createCertificate()
  const [okta, entra, google] = await Promise.all([
    startOkta(certificate),
    startEntra(certificate),
    startGoogle(certificate),
  ])
  vendors = { okta, entra, google }
  const addresses = [`https://${String(okta.settings['domain'])}`, entra.authority, String(google.settings['issuer'])]
  const vendorPorts = addresses.map((address) => Number(new URL(address).port))
  around = await startSurroundings({ certificate, vendorPorts, apps: PRODUCTION_APPS, nodes: 3 })
  database = await around.createDatabase()
  const { port } = around.edge
  const stackFile = await productionStackFile(vendors, port)
  const callbacks = ['login.acme.example', 'login.shop.example', 'login.partners.example']
  google.tenant.client.redirectUris.push(...callbacks.map((host) => `${hostInTest(host, port)}/callback/google`))
  project = await createProject({
    stackFile: () => stackFile,
    plugins: ['azuread', 'kubernetes', 'okta'],
    environment: {
      NODE_EXTRA_CA_CERTS: certificate.file,
      SSL_CERT_FILE: certificate.file,
      TEST_KUBECONFIG: around.cluster.kubeconfig,
      GATEWRIGHT_DATABASE_URL: database,
      GOOGLE_CLIENT_SECRET: google.environment['ACME_GOOGLE_SECRET'] ?? '',
      MAIL_PASSWORD: 'the password of a mail server that nobody asks',
      ...okta.environment,
      ...entra.environment,
    },
  })
})
afterAll(async () => {
  await project?.remove()
  await around?.close()
  await Promise.all(Object.values(vendors ?? {}).map((vendor) => vendor.close()))
  certificate?.remove()
})

async function expectWellEnded(command: Promise<Outcome>): Promise<Outcome> {
  const outcome = await command
  expect(outcome, outcome.text).toMatchObject({ code: 0 })
  return outcome
}

function signInAt(host: string, provider: string, person: string) {
  return signInBy({ url: `${hostInTest(host, around.edge.port)}/`, provider, person, ca: certificate.cert })
}

/** How many rows each table of the gateway's has. */
async function rowsOfTables(): Promise<Record<string, number>> {
  const url = new URL(database)
  url.hostname = '127.0.0.1'
  const client = new Client(url.href)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'gatewright' ORDER BY 1`,
  )
  const counts = []
  for (const { name } of rows) {
    const counted = await client.query<{ count: string }>(`SELECT count(*) FROM gatewright."${name}"`)
    counts.push([name, Number(counted.rows[0]?.count)] as const)
  }
  await client.end()
  return Object.fromEntries(counts)
}

async function readyPods(): Promise<string[]> {
  const pods = await around.cluster.pods(NAMESPACE)
  return pods
    .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
    .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
    .map(({ metadata }) => String(metadata['uid']))
}

describe('the worked example of a production stack', () => {
  it('comes up with as many pods as it asks for', async () => {
    await expectWellEnded(project.run('up'))
    // The autoscaler looks every fifteen seconds.
    await expect.poll(readyPods, { timeout: 90_000 }).toHaveLength(3)
  })

  it('is not touched by a second preview', async () => {
    await expectWellEnded(project.pulumi('preview', '-s', 'local', '--expect-no-changes'))
  })

  it.each(SIGN_INS)('lets $person in by $provider at $host', async ({ provider, person, host }) => {
    const { page } = await signInAt(host, provider, person)
    expect(shown(page), page.url).toContain(`for ${person}`)
  })

  it('shows its status to everybody', async () => {
    const answer = await signInAt('grafana.acme.example', 'staff', 'Alice Archer')
    const page = await answer.browser.open(`${hostInTest('status.acme.example', around.edge.port)}/`)
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('for nobody') })
  })

  it('rolls to a new bundle, and nobody who is using it notices', async () => {
    const before = await readyPods()
    const { browser, page } = await signInAt('grafana.acme.example', 'staff', 'Alice Archer')
    expect(shown(page)).toContain('for Alice Archer')
    const url = `${hostInTest('grafana.acme.example', around.edge.port)}/work`
    const traffic = startTraffic({
      url,
      cookies: [await browser.jar.getCookieString(url)],
      perSecond: 100,
      ca: certificate.cert,
      expected: (status, body) => status === 200 && body.includes('for Alice Archer'),
    })
    await appendFile(`${project.folder}/runtime/main.ts`, '\nObject.assign(globalThis, { gatewrightBuild: 2 })\n')
    await expectWellEnded(project.run('up'))
    await traffic.stop()
    expect(traffic.failures()).toEqual([])
    expect(traffic.sent()).toBeGreaterThan(1_000)
    expect((await readyPods()).filter((uid) => before.includes(uid))).toEqual([])
  }, 400_000)

  it('does not go while its clients are protected, and then leaves nothing but the data in the database', async () => {
    const refused = await project.run('down')
    expect(refused.code).not.toBe(0)
    await project.editStack((text) => text.replaceAll('removal: protected', 'removal: allowed'))
    await expectWellEnded(project.run('up'))
    const before = await rowsOfTables()
    await expectWellEnded(project.run('down'))
    expect(await around.cluster.api.find(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined()
    expect(Object.values(vendors).flatMap((vendor) => vendor.inventory())).toEqual([])
    expect(await rowsOfTables()).toEqual(before)
  }, 400_000)
})
