import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where the pictures of a run go. */
export const PICTURES = process.env['GATEWRIGHT_SCREENSHOTS'] ?? join(tmpdir(), 'gatewright-screenshots')

/** Starts the system's Chromium; `CHROMIUM_PATH` says where it is. @throws Error when it says nothing */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']
  if (!executablePath) throw new Error('CHROMIUM_PATH is not set: run the tests by `npm test`, which finds Chromium')
  await mkdir(PICTURES, { recursive: true })
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
export const LOOKS: Record<string, BrowserContextOptions> = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true },
  night: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, colorScheme: 'dark' },
}

/** Keeps a picture of a page as it stands, in every look. */
export async function photograph(page: Page, name: string): Promise<void> {
  for (const [look, { viewport, colorScheme }] of Object.entries(LOOKS)) {
    if (viewport) await page.setViewportSize(viewport)
    // Without motion: a picture must not catch colours on their way.
    await page.emulateMedia({ colorScheme: colorScheme ?? 'light', reducedMotion: 'reduce' })
    await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`), fullPage: true })
  }
}
