import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'

import { parseStack } from '../../infra/config/index.ts'

const page = readFileSync('docs/federated-login.md', 'utf8')

/** A test as a row names it: a file below `test/`, and a title, behind that of its `describe` where one alone would not do. */
interface NamedTest {
  file: string
  title: string
}

/** Cells of the tables below the heading that speaks of tests, without the lines that begin a table. */
function rows(): string[][] {
  const [, tables = ''] = page.split('\n## Statement by statement\n')
  return tables
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s-]+\|/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter(([first]) => first !== 'statement')
}

function testsIn(cell: string): NamedTest[] {
  return [...cell.matchAll(/`([^`]+\.ts)` “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }))
}

/** Titles as they stand in a test's source: by themselves, and behind that of the `describe` that they are in. */
function titlesIn(file: string): Set<string> {
  const source = readFileSync(file, 'utf8')
  const heads = [...source.matchAll(/^( *)(describe|it|test)\b(?=[.(])/gm)]
  const titles = new Set<string>()
  let room = ''
  heads.forEach(({ index, 0: whole, 1: indent, 2: kind }, position) => {
    const call = source.slice(index + whole.length, heads[position + 1]?.index)
    // Of a call with rows, the title is the first argument of the second call.
    const begin = call.startsWith('(') ? /^\(\s*/ : /\)\(\s*/
    const literal = new RegExp(`${begin.source}(['"\`])((?:\\\\.|(?!\\1)[^\\\\])*)\\1`, 's').exec(call)
    const title = literal?.[2]?.replaceAll(/\\(.)/g, '$1')
    if (title === undefined) return
    if (kind === 'describe') room = title
    else titles.add(title).add(indent === '' ? title : `${room} › ${title}`)
  })
  return titles
}

describe('the statements in docs/federated-login.md', () => {
  it('are three cells each, the last of which names at least one test', () => {
    expect(rows()).not.toEqual([])
    const incomplete = rows().filter((cells) => cells.length !== 3 || testsIn(cells[2] ?? '').length === 0)
    expect(incomplete).toEqual([])
  })

  it('are each shown by tests that exist under these titles', () => {
    const known = new Map<string, Set<string>>()
    const missing = rows()
      .flatMap(([, , cell = '']) => testsIn(cell))
      .filter(({ file, title }) => {
        const path = join('test', file)
        const titles = known.get(path) ?? (existsSync(path) ? titlesIn(path) : new Set<string>())
        known.set(path, titles)
        return !titles.has(title)
      })
    expect(missing).toEqual([])
  })

  it('name nothing else in the cell of tests, so that no test goes unread', () => {
    const left = rows().map(([, , cell = '']) => cell.replaceAll(/`[^`]+\.ts` “[^”]+”/g, '').replaceAll(/<br>|\s/g, ''))
    expect(left.filter((text) => text !== '')).toEqual([])
  })
})

describe('the stack in docs/federated-login.md', () => {
  afterEach(() => void vi.unstubAllEnvs())

  it('can be built', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
    const fields = Object.entries(parse(example) as Record<string, unknown>)
    for (const [, name = ''] of example.matchAll(/\{ env: (\w+) \}/g)) vi.stubEnv(name, 'a-value')
    const stack = parseStack(Object.fromEntries(fields.map(([key, value]) => [key.replace('gatewright:', ''), value])))
    expect(Object.keys(stack.brands)).toEqual(['acme', 'shop'])
    expect(Object.keys(stack.identityProviders)).toEqual(['staff', 'google', 'partners'])
  })
})
