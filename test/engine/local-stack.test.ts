import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { boundedFetch } from '../../runtime/outbound/index.ts'
import { createBrowser } from '../support/browser.ts'
import { createProject, type Outcome, type Project } from '../support/project.ts'

let project: Project
let first: Outcome
beforeAll(async () => {
  project = await createProject()
  first = await project.run('up')
})
afterAll(() => project.remove())

interface StateResource {
  urn: string
  type: string
  inputs?: Record<string, unknown>
  outputs?: Record<string, unknown>
}

/** @param secrets whether they are shown; else they are as the state file has them */
async function resources(secrets: boolean): Promise<StateResource[]> {
  const { stdout } = await project.pulumi('stack', 'export', '-s', 'local', ...(secrets ? ['--show-secrets'] : []))
  return (JSON.parse(stdout) as { deployment: { resources: StateResource[] } }).deployment.resources
}

async function output<T>(name: string): Promise<T> {
  const { stdout } = await project.run('outputs', 'local', '--show-secrets')
  return (JSON.parse(stdout) as Record<string, T>)[name] as T
}

async function answers(url: string): Promise<boolean> {
  return boundedFetch(url).then(
    () => true,
    () => false,
  )
}

describe('the first up', () => {
  it('ends well and says where to go and who can sign in', async () => {
    expect(first, first.text).toMatchObject({ code: 0 })
    for (const words of [project.hello, project.login, 'alice', 'bob', 'carol', 'contractors']) {
      expect(first.stdout).toContain(words)
    }
  })

  it('gives the outputs that were promised, with secrets masked unless asked for', async () => {
    const masked = JSON.parse((await project.run('outputs', 'local')).stdout) as Record<string, unknown>
    expect(masked).toMatchObject({
      authenticateUrl: project.login,
      routes: { hello: { from: project.hello, to: `http://127.0.0.1:${project.ports.app}` } },
      identityProviders: {
        acme: {
          kind: 'local',
          issuer: `http://idp.gw.localhost:${project.ports.identityProvider}`,
          clientId: expect.any(String) as string,
          callbackUrl: `${project.login}/callback/acme`,
        },
      },
      access: { hello: { '"staff" in user.groups': 'people in staff' } },
      administrators: { '"admins" in user.groups': 'people in admins' },
      mailbox: `http://mail.gw.localhost:${project.ports.mailbox}`,
      people: '[secret]',
    })
    const people = await output<Record<string, { password: string; groups: string[] }>>('people')
    expect(people['alice']).toEqual({ password: expect.any(String) as string, groups: ['staff', 'admins'] })
  })

  it('leaves no secret in plain text in state, config, logs or what it printed, nor in any argument', async () => {
    const secrets = (await resources(true)).flatMap((resource) =>
      ['value', 'privateJwk', 'clientSecret', 'registrationAccessToken'].map((name) => resource.outputs?.[name]),
    )
    const values = secrets.flatMap((secret) => {
      const plaintext = (secret as { plaintext?: string } | undefined)?.plaintext
      return plaintext === undefined ? [] : [JSON.parse(plaintext) as string]
    })
    expect(values.length).toBeGreaterThanOrEqual(8)
    const passwords = new Set(
      Object.values(await output<Record<string, { password: string }>>('people')).map((p) => p.password),
    )
    const files = await readdir(join(project.folder, '.gatewright'), { recursive: true, withFileTypes: true })
    const texts = files
      .filter((file) => file.isFile() && !file.parentPath.includes('/secrets') && !file.parentPath.includes('/data'))
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1'))
    const stack = await readFile(join(project.folder, 'stacks/Pulumi.local.yaml'), 'utf8')
    const args = await Promise.all(project.programs().map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1')))
    const environment = await Promise.all(project.programs().map((pid) => readFile(`/proc/${pid}/environ`, 'latin1')))
    const everywhere = [...(await Promise.all(texts)), stack, ...args, ...environment].join('\n')
    for (const value of values) {
      expect(everywhere).not.toContain(value)
    }
    // The people's passwords are what the terminal is told on purpose, on this stack alone.
    for (const value of values.filter((one) => !passwords.has(one))) expect(first.text).not.toContain(value)
  })

  it('keeps secrets where only their owner can read them', async () => {
    const gateway = join(project.folder, '.gatewright/stacks/local/gateways/gateway')
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    expect(await mode(join(project.folder, '.gatewright/passphrase'))).toBe('600')
    expect(await mode(gateway)).toBe('700')
    expect(await mode(join(gateway, 'current/secrets'))).toBe('700')
    for (const name of await readdir(join(gateway, 'current/secrets'))) {
      expect(await mode(join(gateway, 'current/secrets', name))).toBe('600')
    }
  })
})

describe('without a change', () => {
  it('a second up changes nothing and leaves every process as it is', async () => {
    const before = project.programs()
    const again = await project.run('up')
    expect(again, again.text).toMatchObject({ code: 0 })
    expect(again.text).toMatch(/16 unchanged/)
    expect(again.text).not.toMatch(/created|updated|replaced|deleted/)
    expect(project.programs()).toEqual(before)
  })

  it('a plain preview in a prepared terminal says the same', async () => {
    const preview = await project.pulumi('preview', '-s', 'local', '--expect-no-changes')
    expect(preview, preview.text).toMatchObject({ code: 0 })
  })
})

describe('a changed callback', () => {
  it('shows as that line, with nothing unknown, and arrives by reload and update in place', async () => {
    const clientId = (await output<Record<string, { clientId: string }>>('identityProviders'))['acme']?.clientId
    const pids = project.programs()
    const moved = project.login.replace('login.', 'sign-in.')
    await project.editStack((text) => text.replace(`gatewright:url: ${project.login}`, `gatewright:url: ${moved}`))

    const preview = await project.pulumi('preview', '-s', 'local', '--diff')
    expect(preview, preview.text).toMatchObject({ code: 0 })
    expect(preview.text).toMatch(
      new RegExp(`~ \\[0\\]\\s*: "${project.login}/callback/acme" => "${moved}/callback/acme"`),
    )
    expect(preview.text).not.toMatch(/unknown|\[computed\]|output<string>|\+-|delete/)

    const up = await project.pulumi('up', '-s', 'local', '--yes', '--skip-preview')
    expect(up, up.text).toMatchObject({ code: 0 })
    expect((await output<Record<string, { clientId: string }>>('identityProviders'))['acme']?.clientId).toBe(clientId)
    expect(project.programs()).toEqual(pids)
    expect((await createBrowser().open(`${moved}/sign-in`)).text).toContain('Login with Acme')

    await project.editStack((text) => text.replace(`gatewright:url: ${moved}`, `gatewright:url: ${project.login}`))
    expect(await project.run('up')).toMatchObject({ code: 0 })
  })
})

describe('drift', () => {
  it('a client that was edited behind our back shows, and up puts it back', async () => {
    const client = (await resources(true)).find(({ type }) => type === 'gatewright-native:oidc:Client')?.outputs ?? {}
    const token = JSON.parse((client['registrationAccessToken'] as { plaintext: string }).plaintext) as string
    const uri = String(client['registrationClientUri'])
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const current = (await (await boundedFetch(uri, { headers })).json()) as Record<string, unknown>
    for (const name of [
      'registration_access_token',
      'registration_client_uri',
      'client_secret_expires_at',
      'client_id_issued_at',
    ]) {
      delete current[name]
    }
    const body = JSON.stringify({ ...current, redirect_uris: ['http://evil.localhost/callback'] })
    expect((await boundedFetch(uri, { method: 'PUT', headers, body })).status).toBe(200)

    const drift = await project.pulumi('refresh', '-s', 'local', '--preview-only', '--diff')
    expect(drift.text).toContain('http://evil.localhost/callback')

    await project.pulumi('refresh', '-s', 'local', '--yes', '--skip-preview')
    expect(await project.run('up')).toMatchObject({ code: 0 })
    const restored = (await (await boundedFetch(uri, { headers })).json()) as { redirect_uris: string[] }
    expect(restored.redirect_uris).toEqual([`${project.login}/callback/acme`])
  })

  it('a gateway that was killed shows in a plain preview, and up brings it back', async () => {
    const pidFile = join(project.folder, '.gatewright/stacks/local/gateways/gateway/pid')
    const pid = Number((await readFile(pidFile, 'utf8')).trim())
    process.kill(pid, 'SIGKILL')
    const preview = await project.pulumi('preview', '-s', 'local', '--diff')
    expect(preview.text).toMatch(/\+ running\s*: true/)
    const up = await project.run('up')
    expect(up, up.text).toMatchObject({ code: 0 })
    expect(project.programs()).toHaveLength(4)
    expect(await answers(`${project.login}/sign-in`)).toBe(true)
  })
})

describe('a stack file with mistakes', () => {
  it('is told all five, each in a line, and nothing is touched', async () => {
    const before = { programs: project.programs(), state: await readFile(stateFile(), 'utf8') }
    const file = join(project.folder, 'stacks/Pulumi.local.yaml')
    const good = await readFile(file, 'utf8')
    await project.editStack((text) =>
      text
        .replace('kind: local', 'kind: lokal')
        .replace('allow:', 'alow:')
        .replace('gatewright:sampleApp', 'gatewright:sampelApp')
        .replace(`admin: 127.0.0.1:${project.ports.admin}`, 'admin: 127.0.0.1')
        .replace('from: http://hello', 'from: htp://hello'),
    )
    const up = await project.run('up')
    expect(up.code).toBe(1)
    const lines = up.text.split('\n').filter((line) => line.trim().startsWith('gatewright:'))
    expect(
      lines.map((line) => line.trim().split(' ', 1)[0]).toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      'gatewright:identityProviders.acme.kind',
      'gatewright:routes.hello.alow',
      'gatewright:routes.hello.from',
      'gatewright:sampelApp',
      'gatewright:target.admin',
    ])
    expect(up.text).toContain('did you mean local?')
    expect(up.text).toContain('did you mean allow?')
    expect(up.text).not.toMatch(/\n\s+at .*\(/)
    expect(project.programs()).toEqual(before.programs)
    expect(await readFile(stateFile(), 'utf8')).toBe(before.state)
    await project.editStack(() => good)
  })

  function stateFile(): string {
    return join(project.folder, '.gatewright/state/.pulumi/stacks/gatewright/local.json')
  }
})

describe('outside the terminal that npm sets up', () => {
  it('the gateway outlives the commands that started it', async () => {
    expect(await answers(`${project.login}/sign-in`)).toBe(true)
  })
})
