import type { Page } from 'playwright-core'

import type { Mail } from '../support/mail-server.ts'
import { linkIn } from '../runtime/authenticate/accounts-stage.ts'
import { expectUsable, RULES_OF_PAGES } from './usable.ts'

/** Opens the link of a mail as a click on it would. @param path where it leads at the login host */
export async function followMail(page: Page, mail: Mail, path: string): Promise<void> {
  await page.goto(linkIn(mail.text, path))
}

/** Keeps pictures of a mail as a mail program shows it, which loads nothing from elsewhere. */
export async function expectUsableMail(page: Page, { html }: Mail, name: string): Promise<void> {
  await page.setContent(html)
  await expectUsable(page, name, RULES_OF_PAGES)
}
