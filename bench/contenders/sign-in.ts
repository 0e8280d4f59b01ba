import { setTimeout as delay } from 'node:timers/promises'

import { Failure } from '../../bin/command/index.ts'
import { type Browser, createBrowser, type Page } from '../../test/support/browser.ts'
import { signInLink } from '../../test/support/visitor.ts'

/** How long a page may take to open, all redirects included, in milliseconds. */
const OPEN_MS = 20_000

/** Somebody who has signed in, with the cookies of every host that they have been to. */
export interface SignedIn {
  /** Opens an app, which knows them already. @returns the Cookie header for it */
  cookieFor(url: string): Promise<string>
}

/**
 * Goes through a sign-in as a browser does, to its end.
 * @param url an app's page
 * @param chooses whether a sign-in page asks first which provider it shall be
 * @throws Failure `bench_failed` where the app is not reached
 */
export async function signIn(url: string, chooses: 'provider' | 'nothing'): Promise<SignedIn> {
  const browser = createBrowser()
  const first = await openPage(browser, url)
  const page = chooses === 'provider' ? await openPage(browser, signInLink(first)) : first
  requireApp(url, page.status)
  return {
    async cookieFor(app) {
      const opened = await openPage(browser, app)
      requireApp(app, opened.status)
      return browser.jar.getCookieString(app)
    },
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const opened = new AbortController()
  const late = delay(OPEN_MS, undefined, { signal: opened.signal })
  try {
    const page = await Promise.race([browser.open(url), late])
    if (page) return page
    throw new Failure('bench_failed', `${url} did not open within ${OPEN_MS / 1_000} seconds.`)
  } finally {
    // Ended early it rejects, when nobody waits for it any more.
    late.catch(() => undefined)
    opened.abort()
  }
}

function requireApp(url: string, status: number): void {
  if (status !== 200) throw new Failure('bench_failed', `Signing in at ${url} ended with ${status}.`)
}
