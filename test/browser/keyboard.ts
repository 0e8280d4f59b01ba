import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** More stops than any page has. */
const STOPS_AT_MOST = 60

/** Goes on by the Tab key to what has this accessible name, whose focus must be seen. @throws Error where no key leads there */
export async function pressTabUntil(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  for (let stops = 0; stops < STOPS_AT_MOST; stops += 1) {
    const focused = await describeFocus(page)
    if (focused.name === name) {
      expect(focused.outline, `the focus of ${name} is seen`).not.toBe('none 0px')
      return
    }
    passed.push(focused.name)
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${name}; it led to ${passed.join(', ')}`)
}

function describeFocus(page: Page): Promise<{ name: string; outline: string }> {
  return page.evaluate<{ name: string; outline: string }>(`(() => {
    const focused = document.activeElement ?? document.body
    const { outlineStyle, outlineWidth } = getComputedStyle(focused)
    const name = focused === document.body ? '' : focused.labels?.[0]?.textContent || focused.textContent
    return { name: name.trim(), outline: outlineStyle === 'none' ? 'none 0px' : outlineStyle + ' ' + outlineWidth }
  })()`)
}
