import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { LOOKS, photograph, show } from '../support/chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of axe for pages with landmarks, which a mail has none of: it is a part of the page of a mail program. */
export const RULES_OF_PAGES = ['landmark-one-main', 'region']

/**
 * Keeps pictures of a page in every look, and fails where axe finds anything in it, by day or night, or a phone is too small.
 * @param without rules of axe that are not meant here. @default none
 */
export async function expectUsable(page: Page, name: string, without: readonly string[] = []): Promise<void> {
  await photograph(page, name)
  await show(page, LOOKS.night)
  // Nothing but the colours is another than by day.
  const found = (await accessibilityProblems(page, { runOnly: ['cat.color'] })).map((problem) => `dark ${problem}`)
  await show(page, LOOKS.phone)
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]))
  found.push(...(await accessibilityProblems(page, { rules })))
  expect(found, page.url()).toEqual([])
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate(overflow), `${page.url()} is wider than a phone`).toBe(0)
  await show(page, LOOKS.desk)
}

interface Violation {
  id: string
  help: string
  nodes: { html: string }[]
}

/** Axe's findings, each in a line. */
async function accessibilityProblems(page: Page, options: object): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: Violation[] }>(`axe.run(${JSON.stringify(options)})`)
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' ')})`)
}
