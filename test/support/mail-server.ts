import { once } from 'node:events'

import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

import { parseMail, type ParsedMail } from '../../infra/local/mailbox/mime/index.ts'

/** How long a test waits for a mail, in milliseconds. */
const WAIT_AT_MOST_MS = 5_000

/** A mail that came, read. */
export interface Mail extends ParsedMail {
  /** Whom the envelope named. */
  recipients: readonly string[]
  /** The envelope's sender. */
  sender: string
  /** As it came. */
  source: string
  /** Whether the connection was encrypted, and as whom the client signed in. */
  secure: boolean
  user: string | undefined
}

/** A mail's kind, as `MailMessage` calls it. */
export type MailKind = 'verify_email' | 'invitation' | 'password_reset' | 'security_notice'

export interface MailServer {
  port: number
  /** In the order in which they came. */
  mails(): readonly Mail[]
  /**
   * The next mail to an address, one that came already included; each mail is given once.
   * @throws Error that lists what came instead
   */
  waitFor(to: string, kind?: MailKind): Promise<Mail>
  /** Stops taking mail and cuts all connections. */
  close(): Promise<void>
}

/**
 * Starts a real SMTP server on loopback, which takes mail for everybody.
 * @param options of `smtp-server`, for one that refuses, encrypts, or asks for a password. @default clear text, no password
 */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = []
  const given = new Set<Mail>()
  let arrived = Promise.withResolvers<void>()
  const server = new SMTPServer({
    ...(options.onAuth === undefined ? { disabledCommands: ['AUTH', 'STARTTLS'] } : {}),
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(readMail(Buffer.concat(chunks), session))
        arrived.resolve()
        arrived = Promise.withResolvers()
        callback()
      })
    },
    ...options,
  })
  // Clients that break off are part of some tests.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails: () => mails,
    async waitFor(to, kind) {
      const deadline = AbortSignal.timeout(WAIT_AT_MOST_MS)
      const late = once(deadline, 'abort').then(() => 'late' as const)
      for (;;) {
        const found = mails.find((mail) => !given.has(mail) && isMeant(mail, to, kind))
        if (found) {
          given.add(found)
          return found
        }
        if ((await Promise.race([arrived.promise, late])) === 'late') throw missing(mails, to, kind)
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function readMail(source: Buffer, { envelope, secure, user }: SMTPServerSession): Mail {
  return {
    ...parseMail(source),
    recipients: envelope.rcptTo.map(({ address }) => address),
    sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    source: source.toString('latin1'),
    secure,
    user: typeof user === 'string' ? user : undefined,
  }
}

function kindOf(mail: Mail): string | undefined {
  return mail.headers.get('x-gatewright-mail')?.replaceAll('-', '_')
}

function isMeant(mail: Mail, to: string, kind: MailKind | undefined): boolean {
  return mail.recipients.includes(to) && (kind === undefined || kindOf(mail) === kind)
}

function missing(mails: readonly Mail[], to: string, kind = 'mail'): Error {
  const came = mails.map((mail) => `${kindOf(mail) ?? 'mail'} to ${mail.recipients.join(', ')}`)
  return new Error(`no ${kind} to ${to} came; what came: ${came.join('; ') || 'nothing'}`)
}
