import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { argumentTypes } from '../../../bin/declarations/index.ts'
import { projectRoot } from '../../../bin/workspace/index.ts'

const run = promisify(execFile)

let folder: string
let declarations: string
beforeAll(async () => {
  await mkdir(join(projectRoot, '.vitest'), { recursive: true })
  // Inside the project, where a compiler finds its packages.
  folder = await mkdtemp(join(projectRoot, '.vitest', 'declarations-'))
  declarations = argumentTypes(projectRoot)
})
afterAll(() => rm(folder, { recursive: true }))

it('what an editor shows is what the schema takes, no more and no less', async () => {
  const check = `
    import type * as schema from '../../infra/args.ts'
    import type * as shown from './args.d.ts'
    const shownFor: shown.GatewayArgs = {} as schema.GatewayArgs
    const takenFor: schema.GatewayArgs = {} as shown.GatewayArgs
    const provider: shown.IdentityProviderArgs = {} as schema.IdentityProviderArgs
    const party: schema.RelyingPartyArgs = {} as shown.RelyingPartyArgs
    // @ts-expect-error a name that is not there
    const wrong: shown.GatewayArgs = { identityProviders: {}, urls: '' }
    export { party, provider, shownFor, takenFor, wrong }
  `
  await writeFile(join(folder, 'args.d.ts'), declarations)
  await writeFile(join(folder, 'check.ts'), check)
  const config = { extends: '../../tsconfig.json', files: ['check.ts'], include: [] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await run(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')]).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toBe('')
})

it('every field of every part says what it is', () => {
  const lines = declarations.split('\n')
  const silent = lines.flatMap((line, index) => {
    const [, name] = /^ {2}(\w+)\??: /.exec(line) ?? []
    if (name === undefined || name === 'kind' || lines[index - 1]?.trimEnd().endsWith('*/')) return []
    const part = lines.slice(0, index).findLast((text) => text.startsWith('export interface ')) ?? ''
    return [`${part.split(' ')[2]}.${name}`]
  })
  expect(silent).toEqual([])
})

it('a default stands below what a field says', () => {
  expect(declarations).toMatch(
    /\/\*\*\n {3}\* [^\n]+\n {3}\* @default 180\n {3}\*\/\n {2}clientSecretMaxAgeDays\?: number/,
  )
})

it('nothing of the schema’s machinery is left in it', () => {
  expect(declarations).not.toMatch(/\bZod|OutputInstance|: any\b|: unknown\b/)
  expect(declarations).toContain('apiToken: Secret')
})
