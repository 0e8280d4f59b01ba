import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { existsSync } from 'node:fs'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { createProject, finish, type Project } from '../support/project.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

/** Clients that the local identity provider knows. */
function registeredClients(): number {
  const db = new DatabaseSync(
    join(project.folder, '.gatewright/stacks/local/identity-providers/acme/data/identity-provider.sqlite'),
    {
      readOnly: true,
    },
  )
  try {
    return Number(db.prepare("SELECT count(*) AS count FROM records WHERE kind = 'Client'").get()?.['count'])
  } finally {
    db.close()
  }
}

describe('an up whose CLI is killed', () => {
  it.each([
    ['while the identity provider starts', /Process acme-program creating/],
    ['once it has started', /Process acme-program created/],
    ['while the client is registered', /Client acme-gateway creating/],
    ['while the gateway starts', /Process gateway-program creating/],
  ])('%s is made whole by the next', async (_, moment) => {
    // Makes the stack's file and backend, and stops before anything is created.
    await project.run('env')
    const up = await project.startPulumi('up', '-s', 'local', '--yes', '--skip-preview')
    let seen = ''
    up.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      if (moment.test(seen)) up.kill('SIGKILL')
    })
    await finish(up)
    expect(up.signalCode, seen).toBe('SIGKILL')

    const next = await project.run('up')
    expect(next, next.text).toMatchObject({ code: 0 })
    expect(project.programs()).toHaveLength(4)
    expect(registeredClients()).toBe(1)
    expect((await createBrowser().open(`${project.hello}/`)).text).toContain('Login with Acme')
    expect((await project.run('up')).text).toMatch(/16 unchanged/)
  })
})

describe('a port that somebody else has', () => {
  it('is named with its owner before anything starts', async () => {
    const server = createServer().listen(project.ports.app, '127.0.0.1')
    await once(server, 'listening')
    const up = await project.run('up')
    expect(up.code).toBe(1)
    expect(up.text).toContain(`127.0.0.1:${project.ports.app}`)
    expect(up.text).toContain(`${process.pid}`)
    expect(project.programs()).toEqual([])
    await once(server.close(), 'close')
  })
})

describe('down', () => {
  it('leaves no process and no state, whatever was there', async () => {
    expect(await project.run('up')).toMatchObject({ code: 0 })
    for (const pid of project.programs().slice(0, 1)) process.kill(pid, 'SIGKILL')
    const down = await project.run('down')
    expect(down, down.text).toMatchObject({ code: 0 })
    expect(project.programs()).toEqual([])
    expect(existsSync(join(project.folder, '.gatewright'))).toBe(false)
    expect(existsSync(join(project.folder, 'stacks/Pulumi.local.yaml'))).toBe(false)
    expect(await project.run('down')).toMatchObject({ code: 0 })
  })
})
