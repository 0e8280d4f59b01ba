import { rm } from 'node:fs/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { freePorts } from '../support/ports.ts'
import { createProject, type Project } from '../support/project.ts'

let project: Project
beforeAll(async () => {
  project = await createProject()
  const up = await project.run('up')
  if (up.code !== 0) throw new Error(up.text)
})
afterAll(() => project.remove())

/** The stack is what its file says, and a person could sign in. */
async function expectConverged(): Promise<void> {
  const up = await project.run('up')
  expect(up, up.text).toMatchObject({ code: 0 })
  expect((await project.pulumi('preview', '-s', 'local', '--expect-no-changes')).code).toBe(0)
  expect(project.programs()).toHaveLength(4)
  const page = await createBrowser().open(`${project.login}/sign-in`)
  const link = /href="(\/sign-in\/[^"]*)"/.exec(page.text)?.[1] ?? ''
  const atProvider = await createBrowser().open(new URL(link, project.login).href)
  expect(atProvider.text).toContain('name="password"')
}

it('a provider gets another name', async () => {
  await project.editStack((text) => text.replace('    acme:', '    acme2:'))
  await expectConverged()
})

it('two programs exchange their ports', async () => {
  const { admin, app } = project.ports
  await project.editStack((text) =>
    text.replaceAll(new RegExp(`:(${admin}|${app})\\b`, 'g'), (_, port) => `:${port === `${admin}` ? app : admin}`),
  )
  await expectConverged()
})

it('a provider moves to another port', async () => {
  const { identityProvider } = project.ports
  const [free = 0] = await freePorts(1)
  await project.editStack((text) => text.replace(`idp.gw.localhost:${identityProvider}`, `idp.gw.localhost:${free}`))
  await expectConverged()
})

it('a program’s pid file is lost', async () => {
  const before = project.programs()
  await rm(`${project.folder}/.gatewright/stacks/local/gateways/gateway/pid`)
  await expectConverged()
  expect(project.programs()).toEqual(before)
})

it('everything is destroyed by plain pulumi and made anew', async () => {
  expect(await project.pulumi('destroy', '-s', 'local', '--yes', '--skip-preview')).toMatchObject({ code: 0 })
  expect(project.programs()).toEqual([])
  await expectConverged()
})
