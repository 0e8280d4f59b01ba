import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'

import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { launchChromium } from '../support/chromium.ts'
import { APP, endedWell, NAMESPACE, type SmallSite, startSmallSite, type Traffic } from '../support/site/index.ts'

const PER_SECOND = 150

let site: SmallSite
let chromium: Chromium
beforeAll(async () => {
  site = await startSmallSite({ replicas: 2, database: { url: { env: 'TEST_DATABASE_URL' } } })
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium?.close()
  await site?.close()
})

async function expectUnnoticed(traffic: Traffic): Promise<void> {
  await traffic.stop()
  expect(traffic.failures()).toEqual([])
  expect(traffic.sent()).toBeGreaterThan(1_000)
}

describe('the gateway in a Kubernetes cluster', () => {
  it('comes up in a namespace that enforces the restricted standard', async () => {
    await endedWell(site.project.run('up'))
    const namespace = await site.around.cluster.api.get(`/api/v1/namespaces/${NAMESPACE}`)
    expect(namespace.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    expect(await site.podUids()).toHaveLength(2)
  })

  it('is not touched by a second preview, not even when everything is read anew', async () => {
    const preview = ['preview', '-s', 'local', '--expect-no-changes']
    expect(await site.project.pulumi(...preview)).toMatchObject({ code: 0 })
    expect(await site.project.pulumi(...preview, '--refresh')).toMatchObject({ code: 0 })
  })

  it('lets people in with a browser', async () => {
    const context = await chromium.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`${site.hello}/reports/7?x=1`)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await page.getByRole('link', { name: 'Alice Archer' }).click()
    await page.waitForURL((url) => url.origin === site.hello)
    expect(await page.textContent('body')).toContain('/reports/7?x=1 for Alice Archer')
    await context.close()
  })

  it('hands a new route to the running pods', async () => {
    const before = await site.podUids()
    const from = `https://second.gw.localhost:${site.around.edge.port}`
    await site.project.editStack((text) =>
      text.replace(/ {2}gatewright:routes:\n/, (line) =>
        [
          line,
          '    second:\n',
          `      from: ${from}\n`,
          `      to: http://${APP}\n`,
          `      public: all may see it\n`,
        ].join(''),
      ),
    )
    const up = await endedWell(site.project.run('up'))
    // The Ingress has its host, and the ConfigMap the route.
    expect(up.stdout).toContain('~ 2 updated')
    const { browser } = await site.signInAs('Alice Archer')
    await expect.poll(async () => (await browser.open(`${from}/`)).text, { timeout: 10_000 }).toContain('for nobody')
    expect(await site.podUids()).toEqual(before)
  })

  it('rolls to a new bundle, and nobody who is using it notices', async () => {
    const before = await site.podUids()
    const traffic = await site.startUsing(PER_SECOND)
    await appendFile(`${site.project.folder}/runtime/main.ts`, '\nObject.assign(globalThis, { gatewrightBuild: 2 })\n')
    const up = await endedWell(site.project.run('up'))
    expect(up.stdout).toMatch(/gateway-deployment updated/)
    await expectUnnoticed(traffic)
    const after = await site.podUids()
    expect(after).toHaveLength(2)
    expect(after.filter((uid) => before.includes(uid))).toEqual([])
  })

  it('rolls to a new client secret unnoticed, and the old one is good until no pod has it', async () => {
    const [former = ''] = site.okta.liveSecrets()
    const seen: Promise<string[][]>[] = []
    // The moment before the vendor takes it away.
    site.okta.faults.before = ({ method, url }) => {
      if (url.pathname.endsWith('/lifecycle/deactivate') && method === 'POST') seen.push(secretsOfReadyPods())
      return undefined
    }
    const traffic = await site.startUsing(PER_SECOND)
    await endedWell(site.project.run('rotate', 'local', 'staff', '--yes'))
    await expectUnnoticed(traffic)
    site.okta.faults.before = undefined
    expect(site.okta.liveSecrets()).toHaveLength(1)
    expect(site.okta.liveSecrets()).not.toContain(former)
    const [mounted = []] = await Promise.all(seen)
    expect(mounted.length).toBeGreaterThanOrEqual(2)
    expect(new Set(mounted.flat()).size).toBe(1)
    expect((await site.signInAs('Alice Archer')).page.text).toContain('for Alice Archer')
    // Two deployments, each of which replaces all pods and waits for each.
  }, 480_000)

  it('shows what somebody changed there by hand, and puts it back', async () => {
    const deployment = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/gatewright`
    const path = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/networkpolicies/gatewright`
    const { api } = site.around.cluster
    await api.patch(deployment, { spec: { revisionHistoryLimit: 9 } })
    await api.patch(path, { spec: { egress: [{}] } })
    const drift = await site.project.pulumi('refresh', '-s', 'local', '--preview-only', '--diff', '--non-interactive')
    expect(drift.text).toMatch(/revisionHistoryLimit\s*: 2 => 9/)
    const up = await endedWell(site.project.run('up'))
    expect(up.stdout).toContain('2 updated')
    expect((await api.get(deployment))['spec']).toMatchObject({ revisionHistoryLimit: 2 })
    expect(JSON.stringify((await api.get(path))['spec'])).not.toContain('"egress":[{}]')
  })

  it('goes back to what it was when an update did not come to its end', async () => {
    const before = await site.podUids()
    const secrets = await mountedSecrets()
    const { project } = site
    await project.editStack((text) =>
      text
        .replace(/ {2}gatewright:routes:\n/, (line) => `  gatewright:keys: { signing: [k1, k2] }\n${line}`)
        .replace('kind: kubernetes', 'kind: kubernetes\n    image: docker.io/library/node:0.0.0-none'),
    )
    const up = await project.startPulumi('up', '-s', 'local', '--yes', '--skip-preview')
    await expect.poll(async () => (await site.podUids()).length, { timeout: 60_000 }).toBe(before.length + 1)
    up.kill('SIGKILL')
    await once(up, 'exit')
    await project.editStack((text) =>
      text.replace(/.*gatewright:keys:.*\n/, '').replace(/\n *image: docker.*-none/, ''),
    )
    await endedWell(project.run('up'))
    // What the pods had is gone with the attempt, and what they have now is there.
    const names = await mountedSecrets()
    expect(names).not.toEqual(secrets)
    for (const name of names) {
      expect(await site.around.cluster.api.find(`/api/v1/namespaces/${NAMESPACE}/secrets/${name}`)).toBeDefined()
    }
    expect(await site.project.pulumi('preview', '-s', 'local', '--expect-no-changes')).toMatchObject({ code: 0 })
    expect((await site.signInAs('Alice Archer')).page.text).toContain('for Alice Archer')
  })

  it('grows when it is told to', async () => {
    await site.project.editStack((text) => text.replace('replicas: 2', 'replicas: 3'))
    await endedWell(site.project.run('up'))
    expect(await site.podUids()).toHaveLength(3)
  })

  it('leaves nothing behind, the namespace included', async () => {
    await endedWell(site.project.run('down'))
    expect(await site.around.cluster.api.find(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined()
    expect(site.okta.inventory()).toEqual([])
  })
})

/** Names of the Secrets that any pod has mounted. */
async function mountedSecrets(): Promise<string[]> {
  return [...new Set((await secretsOfReadyPods()).flat())].toSorted()
}

/** Names of the Secrets that each pod which takes requests has mounted. */
async function secretsOfReadyPods(): Promise<string[][]> {
  const pods = await site.around.cluster.pods(NAMESPACE)
  return pods
    .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
    .map(({ spec }) => [...JSON.stringify(spec).matchAll(/"secret":\{"name":"([^"]*)"/g)].map(([, name = '']) => name))
}
