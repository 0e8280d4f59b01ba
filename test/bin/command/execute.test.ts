import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { execute, parseStackArguments } from '../../../bin/command/index.ts'
import { processStart } from '../../../bin/workspace/process-start.ts'
import { script, temporaryFolder } from '../folder.ts'

const entry = new URL('../../../bin/command/index.ts', import.meta.url).href

describe('running a program', () => {
  it('gives its exit code and what it wrote, line by line where asked', async () => {
    const lines: string[] = []
    const result = await execute('/bin/sh', ['-c', 'echo out; echo a >&2; printf "b\\nc" >&2; exit 3'], {
      timeoutMs: 10_000,
      onErrorLine: (line) => lines.push(line),
    })
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'a\nb\nc' })
    expect(lines).toEqual(['a', 'b'])
  })

  it('ends it with all that it started when its time is over', async () => {
    const result = await execute('/bin/sh', ['-c', 'sleep 60 & echo $!; wait'], { timeoutMs: 200 })
    expect(result.code).toBeUndefined()
    await expect.poll(() => processStart(Number(result.stdout))).toBeUndefined()
  })

  it('keeps only the end of much output', async () => {
    const { stdout } = await execute('/bin/sh', ['-c', 'head -c 300000 /dev/zero; echo end'], { timeoutMs: 10_000 })
    expect(stdout).toHaveLength(64_000)
    expect(stdout.endsWith('end\n')).toBe(true)
    const more = await execute('/bin/sh', ['-c', 'head -c 300000 /dev/zero'], {
      timeoutMs: 10_000,
      keptCharacters: 200_000,
    })
    expect(more.stdout).toHaveLength(200_000)
  })

  it('throws when there is no such program', async () => {
    await expect(execute('/nowhere/program', [], { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is ended by what ends the command, before it is done', async () => {
    const folder = temporaryFolder()
    const program = script(join(folder, 'slow'), 'echo started >&2', 'sleep 60', `touch ${join(folder, 'done')}`)
    const command = `const { execute, runCommand } = await import(${JSON.stringify(entry)})
      await runCommand(async () => {
        await execute(${JSON.stringify(program)}, [], { timeoutMs: 60_000, onErrorLine: (line) => console.log(line) })
      })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', command], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said).toBe('\nStopped by SIGTERM.\n')
    expect(existsSync(join(folder, 'done'))).toBe(false)
  })
})

function parse(...args: string[]) {
  return parseStackArguments(args, 'local', ['yes', 'force'], 'npm run x')
}

describe('arguments', () => {
  it('name a stack and flags', () => {
    expect(parse()).toEqual({ stack: 'local', flags: new Set() })
    expect(parse('production', '--yes')).toEqual({ stack: 'production', flags: new Set(['yes']) })
  })

  it.each([['--yess'], ['--yes=1'], ['a', 'b'], ['-y']])('are refused with the usage: %s', (...args) => {
    expect(() => parse(...args)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('\nUsage: npm run x') }),
    )
  })
})
