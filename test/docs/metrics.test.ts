import { readFile } from 'node:fs/promises'

import { expect, it } from 'vitest'

import { CATALOGUE } from '../../runtime/metrics/index.ts'

it('says of every metric its type, labels and meaning, and names no other', async () => {
  const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `gatewright_'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const expected = Object.entries(CATALOGUE).map(([name, { type, labels, help }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ])
  expect(rows).toEqual(expected)
})
