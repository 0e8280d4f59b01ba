import { randomUUID } from 'node:crypto'

import { parseMail, type ParsedMail } from './mime/index.ts'

/** The oldest mails leave first. */
export const MAILS_AT_MOST = 200
const BYTES_AT_MOST = 32 * 1024 * 1024

/** A mail that came. */
export interface ReceivedMail extends ParsedMail {
  /** In its page's address. */
  id: string
  /** Whom the envelope named, which headers need not. */
  recipients: readonly string[]
  /** Milliseconds since 1970. */
  receivedAt: number
}

/** Mails in memory alone: they hold links that sign in, and end with the program. */
export interface Mails {
  add(source: Buffer, recipients: readonly string[]): ReceivedMail
  /** The newest first. */
  list(): readonly ReceivedMail[]
  find(id: string): ReceivedMail | undefined
  clear(): void
}

export function createMails(): Mails {
  let kept: { mail: ReceivedMail; bytes: number }[] = []
  let bytes = 0
  return {
    add(source, recipients) {
      const mail = { ...parseMail(source), id: randomUUID(), recipients, receivedAt: Date.now() }
      kept.unshift({ mail, bytes: source.length })
      bytes += source.length
      while (kept.length > MAILS_AT_MOST || bytes > BYTES_AT_MOST) bytes -= kept.pop()?.bytes ?? bytes
      return mail
    },
    list: () => kept.map(({ mail }) => mail),
    find: (id) => kept.find(({ mail }) => mail.id === id)?.mail,
    clear() {
      kept = []
      bytes = 0
    },
  }
}
