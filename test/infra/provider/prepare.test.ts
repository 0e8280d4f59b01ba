import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { functions } from '../../../infra/provider/resource-types.ts'

const TOKEN = 'gatewright-native:index:prepare'
const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What a Node of its own prints, as JSON: this one has loaded too much already. */
async function printed(source: string): Promise<unknown> {
  const args = ['--input-type=module', '--eval', source]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 20_000 })
  return JSON.parse(stdout)
}

it('prepare loads what every stack has resources of, and no vendor', async () => {
  const { before, after } = (await printed(`
    import { registerHooks } from 'node:module'
    const rooms = new Set()
    const load = (url, context, next) => {
      const [, room] = /\\/infra\\/provider\\/([^/]+)\\/index\\.ts$/.exec(url) ?? []
      if (room) rooms.add(room)
      return next(url, context)
    }
    registerHooks({ load })
    const { functions } = await import('./infra/provider/resource-types.ts')
    const before = [...rooms]
    const prepare = await functions['${TOKEN}']()
    const answer = await prepare({}, AbortSignal.timeout(10_000))
    console.log(JSON.stringify({ before, after: { answer, rooms: [...rooms].toSorted() } }))`)) as Record<
    string,
    unknown
  >
  expect(before).toEqual([])
  expect(after).toEqual({ answer: {}, rooms: ['key', 'local'] })
})

it('a program that starts asks for it, and registers nothing by that', async () => {
  const asked = await printed(`
    import * as pulumi from '@pulumi/pulumi'
    const asked = []
    const newResource = ({ type }) => (asked.push(type), { id: '', state: {} })
    await pulumi.runtime.setMocks({ newResource, call: ({ token, inputs }) => (asked.push({ token, inputs }), {}) })
    const { startProvider } = await import('./infra/start-provider.ts')
    await startProvider()
    console.log(JSON.stringify(asked))`)
  expect(asked).toEqual([{ token: TOKEN, inputs: {} }])
  expect(functions).toHaveProperty([TOKEN])
})
