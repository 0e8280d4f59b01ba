import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { format, resolveConfig } from 'prettier'

import { withResults } from './page.ts'
import type { Results } from './row.ts'
import type { Verdict } from './verdict.ts'

/** Writes `bench/results.json` and the results in `docs/performance.md`, formatted as the project's check wants them. */
export async function writeReport(root: string, results: Results, verdicts: readonly Verdict[]): Promise<void> {
  const page = join(root, 'docs', 'performance.md')
  await write(page, withResults(await readFile(page, 'utf8'), results, verdicts))
  await write(join(root, 'bench', 'results.json'), JSON.stringify(results, null, 2))
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }))
}
