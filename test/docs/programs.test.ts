import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { expect, it, onTestFinished } from 'vitest'

import { askAsProgram, formOf } from '../support/command-line.ts'
import { startTestGateway } from '../support/gateway.ts'
import { signIn } from '../support/visitor.ts'

const program = /```js\n(.*?)```/s.exec(readFileSync('docs/programs.md', 'utf8'))?.[1] ?? ''

it('the page’s program lets its person in from the command line', async () => {
  // By a name that every system resolves.
  let app = ''
  const gateway = await startTestGateway({
    config(config) {
      const { hello } = config.routes
      app = `http://localhost:${config.listen.port}`
      if (hello) hello.from = app
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-docs-'))
  await writeFile(join(folder, 'sign-in.mjs'), program)
  const running = spawn(process.execPath, [join(folder, 'sign-in.mjs'), app], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(async () => {
    running.kill()
    await Promise.all([gateway.close(), rm(folder, { recursive: true })])
  })

  const [line] = (await once(createInterface(running.stderr), 'line')) as [string]
  const { browser, page } = await signIn(gateway, line.replace('Open ', ''))
  const token = once(createInterface(running.stdout), 'line')
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: app }
  const confirmed = await browser.open(`${app}/.gatewright/cli`, {
    method: 'POST',
    headers,
    body: formOf(page.text, 'allow'),
  })
  expect(confirmed.text).toBe('You can close this window.')
  const authorization = `Bearer ${((await token) as [string])[0]}`
  expect((await askAsProgram(`${app}/api`, { headers: { authorization } })).text).toBe('app saw /api')
  expect(running.exitCode ?? (await once(running, 'exit'))[0]).toBe(0)
})
