import type { CDPSession, Page } from 'playwright-core'

/** What Chromium has in place of a fingerprint reader (WebAuthn Level 3 §11, over the DevTools protocol). */
export interface VirtualAuthenticator {
  /** How many passkeys it has. */
  count(): Promise<number>
  /** Whether it recognizes its person from now on; it is touched at once whenever it is asked. */
  recognizes(itDoes: boolean): Promise<void>
}

/** Gives a tab an authenticator that belongs to the device. It is gone with the tab. */
export async function addAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const devTools: CDPSession = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async count() {
      return (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length
    },
    async recognizes(isUserVerified) {
      await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}
