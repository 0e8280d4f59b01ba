import * as z from 'zod'

import { origin } from '../../../runtime/config.ts'
import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { loopbackAddress } from '../program/index.ts'

/** `config.json` of the local mailbox. It has no secrets: whoever reaches its ports is on this machine. */
export const mailboxConfigSchema = z.strictObject({
  /** Where people read; no other host name is answered, since mails hold links that sign in. */
  url: origin.refine(isLocal, 'write it as http:// on localhost or a name below it: this mailbox is for one machine'),
  /** Where `url` is served. */
  listen: loopbackAddress,
  /** Where mail is taken, by SMTP without TLS. It does not change while the program runs. */
  smtp: loopbackAddress,
})

export type MailboxConfig = z.infer<typeof mailboxConfigSchema>

function isLocal(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol === 'http:' && isLoopbackHost(url.hostname)
}
