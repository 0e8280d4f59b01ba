import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import { isLanguage, LANGUAGES } from '../languages/index.ts'
import type { MailEnvelope, Mailer, MailMessage, MailOutcome } from './contract.ts'
import { describeFailure, type MailFailure } from './failure.ts'
import { makeMessage } from './message.ts'
import { readRecipient } from './recipient.ts'
import { MAIL_PASSWORD, transportOptions } from './transport.ts'

/** Mails that are on their way or wait for it; the next one is told at once that it will not be sent. */
const PENDING_AT_MOST = 100

export interface MailerOptions {
  /** How long one mail may take, waiting included, in milliseconds. @default 10000 */
  deadlineMs?: number
}

/**
 * Opens the way to the mail server that a configuration names, for all brands. Connections are made when they are needed and
 * kept for a while. Nothing is tried again: the person is still there, and asks again.
 * @param secret gives a secret by its name, and throws where there is none
 * @param log is told kind, brand, domain and outcome of each mail; never a link, a name or a whole address
 * @returns undefined where the configuration has no mail
 * @throws Error for clear text to another machine, or what `secret` throws
 */
export function createMailer(
  { mail, brands }: Pick<RuntimeConfig, 'mail' | 'brands'>,
  secret: (name: string) => string,
  log: Pick<Logger, 'info' | 'warn'>,
  { deadlineMs = 10_000 }: MailerOptions = {},
): Mailer | undefined {
  if (!mail) return undefined
  const transport = createTransport(transportOptions(mail, () => secret(MAIL_PASSWORD)))
  let pending = 0
  let closed = false

  async function deliver(envelope: MailEnvelope, message: MailMessage): Promise<MailFailure | undefined> {
    const brand = brands[envelope.brand]
    const recipient = readRecipient(envelope.to)
    if (!recipient) return { code: 'address_invalid' }
    if (!brand || !mail) return { code: 'internal' }
    if (closed) return { code: 'closed' }
    if (pending >= PENDING_AT_MOST) return { code: 'busy' }
    pending += 1
    try {
      const language = isLanguage(envelope.language) ? envelope.language : LANGUAGES[0]
      const made = makeMessage(message, { brand, language, from: mail.from, to: recipient.address })
      // Ends the connection too: a mail of which we said that it failed is not to arrive minutes later after all.
      await transport.sendMail({ ...made, signal: AbortSignal.timeout(deadlineMs) })
      return undefined
    } catch (error) {
      return closed ? { code: 'closed' } : describeFailure(error)
    } finally {
      pending -= 1
    }
  }

  return {
    async send(envelope, message): Promise<MailOutcome> {
      const about = {
        kind: message.kind,
        brand: envelope.brand,
        domain: readRecipient(envelope.to)?.domain,
      }
      const failure = await deliver(envelope, message)
      if (failure) log.warn({ ...about, ...failure }, 'Mail was not sent')
      else log.info(about, 'Mail was sent')
      return failure ? 'failed' : 'sent'
    },
    close() {
      closed = true
      transport.close()
    },
  }
}
