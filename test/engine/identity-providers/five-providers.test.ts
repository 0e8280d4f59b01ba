import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type FiveProviders, startFiveProviders } from '../../support/five-providers.ts'
import type { Outcome, Project } from '../../support/project.ts'

let providers: FiveProviders
let staging: Project
let production: Project
beforeAll(async () => {
  providers = await startFiveProviders()
  staging = await providers.createProject('login-staging')
  production = await providers.createProject('login')
})
afterAll(async () => {
  await staging.remove()
  await production.remove()
  await providers.close()
})

async function expectWellEnded(command: Promise<Outcome>): Promise<void> {
  const outcome = await command
  expect(outcome, outcome.text).toMatchObject({ code: 0 })
}

const inventory = (): string[] => Object.values(providers.vendors).flatMap((vendor) => vendor.inventory())

describe('two environments in the same five tenants, two of them of one vendor', () => {
  it('come up beside each other, without a clash of names', async () => {
    await expectWellEnded(production.run('up'))
    const alone = inventory()
    await expectWellEnded(staging.run('up'))
    expect(inventory()).toHaveLength(2 * alone.length)
    expect(new Set(inventory().filter((line) => line.includes('login-staging'))).size).toBeGreaterThanOrEqual(4)
  })

  it('are not touched by a second preview', async () => {
    await expectWellEnded(production.pulumi('preview', '-s', 'local', '--expect-no-changes'))
    await expectWellEnded(staging.pulumi('preview', '-s', 'local', '--expect-no-changes'))
  })

  it('refuse to preview a provider that has moved, and send it nothing', async () => {
    const { staff, contractors } = providers.vendors
    const from = String(staff.settings['domain'])
    // A name that nobody has deployed to; who listens there hears everything.
    const to = `moved.gw.localhost:${String(contractors.settings['domain']).split(':')[1]}`
    await production.editStack((text) => text.replace(`domain: ${from}`, `domain: ${to}`))
    const before = contractors.log.length
    const preview = await production.pulumi('preview', '-s', 'local', '--non-interactive')
    expect(preview.code).not.toBe(0)
    expect(preview.text).toContain('gatewright:identityProviders.staff.domain has changed')
    // Nothing of the preview concerns the new address.
    expect(contractors.log.length).toBe(before)
    await production.editStack((text) => text.replace(`domain: ${to}`, `domain: ${from}`))
  })

  it('leave one at a time, and nothing of them stays', async () => {
    await expectWellEnded(staging.run('down'))
    expect(inventory().filter((line) => line.includes('login-staging'))).toEqual([])
    await expectWellEnded(production.pulumi('preview', '-s', 'local', '--expect-no-changes'))
    await expectWellEnded(production.run('down'))
    expect(inventory()).toEqual([])
  })
})
