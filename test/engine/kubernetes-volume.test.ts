import { afterAll, beforeAll, expect, it } from 'vitest'

import { shown } from '../support/visitor.ts'
import { endedWell, type SmallSite, startSmallSite } from '../support/site/index.ts'

let site: SmallSite
beforeAll(async () => {
  site = await startSmallSite({ volume: { size: '64Mi' } })
})
afterAll(() => site?.close())

it('keeps sessions on a volume, over a restart of the one pod', async () => {
  const { project, hello } = site
  await endedWell(project.run('up'))
  const before = await site.podUids()
  expect(before).toHaveLength(1)
  const { browser, page } = await site.signInAs('Alice Archer')
  expect(shown(page)).toContain('for Alice Archer')
  // What only a restart changes.
  await project.editStack((text) =>
    text.replace('kind: kubernetes\n', 'kind: kubernetes\n    resources: { limits: { memory: 640Mi } }\n'),
  )
  await endedWell(project.run('up'))
  // The one pod ends before the next one begins, and the engine may take the pause for the end of the rollout.
  const again = async (): Promise<string> => (await browser.open(`${hello}/again`, { redirects: 0 })).text
  await expect.poll(again, { timeout: 60_000, interval: 500 }).toContain('/again for Alice Archer')
  const after = await site.podUids()
  expect(after).toHaveLength(1)
  expect(after).not.toEqual(before)
})

it('refuses a second replica beside a volume', async () => {
  await site.project.editStack((text) => text.replace('kind: kubernetes\n', 'kind: kubernetes\n    replicas: 2\n'))
  const up = await site.project.run('up')
  expect(up.code).not.toBe(0)
  expect(up.text).toContain('gatewright:target')
  expect(await site.podUids()).toHaveLength(1)
  await site.project.editStack((text) => text.replace('    replicas: 2\n', ''))
})
