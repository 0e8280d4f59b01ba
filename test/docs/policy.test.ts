import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { compilePolicy, compilePomeriumPolicy } from '../../runtime/policy/index.ts'
import { FIELDS } from '../../runtime/policy/fields.ts'

const page = readFileSync('docs/policy.md', 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '')

it.each(blocks('cel').flatMap((block) => block.trim().split('\n')))('the page’s rule is one: %s', (rule) => {
  expect(compilePolicy(rule)).toBeDefined()
})

it.each(blocks('yaml'))('the page’s block is one: %s', (block) => {
  expect(compilePolicy(compilePomeriumPolicy(parse(block)))).toBeDefined()
})

it('every field is documented', () => {
  const fields = Object.entries(FIELDS).flatMap(([root, names]) =>
    Object.keys(names).map((name) => `\`${root}.${name}`),
  )
  for (const field of fields) expect(page).toContain(field)
})
