import type { Language } from '../languages/index.ts'
import { readDevice } from './read-device.ts'
import { accountWords } from './words/index.ts'

/** @returns a browser in words, like "Firefox on Linux"; nothing where its User-Agent says nothing that people know */
export function deviceWords(language: Language, userAgent: string): string | undefined {
  const { browser, system } = readDevice(userAgent)
  if (browser === undefined || system === undefined) return browser ?? system
  return accountWords(language).sessions.on(browser, system)
}
