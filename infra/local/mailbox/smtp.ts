import { once } from 'node:events'

import type { Logger } from 'pino'
import { SMTPServer } from 'smtp-server'

import type { LoopbackAddress } from '../program/index.ts'
import type { Mails } from './mails.ts'

/** More than a mail with a logo needs, in bytes. */
const MAIL_BYTES = 2 * 1024 * 1024

/** An address where mail is taken. */
export interface MailListener {
  address: LoopbackAddress
  close(): Promise<void>
}

/**
 * Takes mail from everybody on this machine for everybody in the world, and keeps it.
 * @throws Error (`EADDRINUSE`, `EACCES`, …) when the address cannot be had
 */
export async function openMailListener(
  address: LoopbackAddress,
  mails: Mails,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<MailListener> {
  const server = new SMTPServer({
    // TLS and passwords would protect nothing between two programs of one machine.
    disabledCommands: ['AUTH', 'STARTTLS'],
    banner: 'Mail for this machine, for development',
    disableReverseLookup: true,
    size: MAIL_BYTES,
    maxClients: 50,
    socketTimeout: 30_000,
    closeTimeout: 1_000,
    logger: false,
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = []
      // The stream goes on behind its limit, and has to be read to its end before the answer.
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk)
      })
      stream.once('end', () => {
        if (stream.sizeExceeded) {
          log.warn({ mostBytes: MAIL_BYTES }, 'Mail was too large')
          callback(Object.assign(new Error('The mail is too large'), { responseCode: 552 }))
          return
        }
        const recipients = envelope.rcptTo.map((recipient) => recipient.address)
        mails.add(Buffer.concat(chunks), recipients)
        log.info({ recipients: recipients.length }, 'Mail came')
        callback()
      })
    },
  })
  server.on('error', (error: Error) => log.warn({ error: error.message }, 'Mail connection failed'))
  const listening = once(server.server, 'listening')
  server.listen(address.port, address.host)
  await listening
  return {
    address,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
