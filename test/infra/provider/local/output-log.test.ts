import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { prepareOutputLog, readTail, redact } from '../../../../infra/provider/local/output-log.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-log-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('readTail', () => {
  it('shows the last fifteen lines of the present run only', async () => {
    await writeFile(join(folder, 'output.log'), 'of an earlier run\n')
    const log = await prepareOutputLog(folder)
    expect(await readTail(log, [])).toBe('')
    await appendFile(log.file, 'one\ntwo\n')
    expect(await readTail(log, [])).toBe('one\ntwo')
    await appendFile(log.file, Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join(''))
    expect((await readTail(log, [])).split('\n')).toEqual(Array.from({ length: 15 }, (_, index) => `line ${index + 5}`))
  })

  it('does not show the rest of a secret that the window cuts', async () => {
    const log = await prepareOutputLog(folder)
    const secret = 'S'.repeat(100_000)
    await writeFile(log.file, `${secret}\nthe end\n`)
    expect(await readTail(log, [secret])).toBe('the end')
  })
})

describe('prepareOutputLog', () => {
  it('puts a log aside that has grown too large', async () => {
    await writeFile(join(folder, 'output.log'), '')
    await truncate(join(folder, 'output.log'), 9 * 1024 * 1024)
    expect(await prepareOutputLog(folder)).toMatchObject({ offset: 0 })
    expect(await readdir(folder)).toEqual(['output.log.1'])
  })
})

describe('redact', () => {
  it('takes secrets out whole, line by line and as JSON writes them', () => {
    const secret = '-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----'
    expect(redact(`x ${secret} y`, [secret])).toBe('x [secret] y')
    expect(redact('error near abcdefgh', [secret])).toBe('error near [secret]')
    expect(redact(JSON.stringify({ key: secret }), [secret])).toBe('{"key":"[secret]"}')
  })
})
