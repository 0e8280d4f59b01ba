import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where the pictures of a run go; nowhere where it is not set. */
const PICTURES = process.env['GATEWRIGHT_SCREENSHOTS']

/** Starts the system's Chromium; `CHROMIUM_PATH` says where it is. @throws Error when it says nothing */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set: run the tests by `npm test`, which finds Chromium')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** How each page is looked at: a desk, a phone, and a phone at night. */
export const LOOKS = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true },
  night: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>

/** Shows a page in one of its looks, and without motion: who looks must not catch colours on their way. */
export async function show(page: Page, { viewport, colorScheme }: BrowserContextOptions): Promise<void> {
  if (viewport) await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme: colorScheme ?? 'light', reducedMotion: 'reduce' })
}

/** Keeps a picture of a page as it stands, in every look, where somebody wants pictures: they are a third of what a page costs. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  await mkdir(PICTURES, { recursive: true })
  for (const [look, options] of Object.entries(LOOKS)) {
    await show(page, options)
    await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`), fullPage: true })
  }
}
