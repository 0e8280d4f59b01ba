import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

const page = readFileSync('docs/errors.md', 'utf8')

/** Codes of the tables under a heading. */
function documented(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? '')
}

/** Members of a union of strings, as they stand in its source. */
function declared(file: string, type: string): string[] {
  const source = readFileSync(file, 'utf8')
  const body = source.slice(source.indexOf(`export type ${type} =`)).split(/\n\n/, 1)[0] ?? ''
  return [...body.matchAll(/^\s+\| '(\w+)'/gm)].map((match) => match[1] ?? '')
}

it.each([
  ['The gateway', 'runtime/refusal.ts', 'RefusalCode'],
  ['Commands', 'bin/command/failure.ts', 'FailureCode'],
  ['The provider', 'infra/provider/errors.ts', 'ProviderErrorCode'],
])('%s: every code is documented, and no other', (heading, file, type) => {
  expect(declared(file, type).length).toBeGreaterThan(10)
  expect(documented(heading)).toEqual(declared(file, type))
})
