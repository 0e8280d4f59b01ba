import { runLocalProgram } from '../program/index.ts'
import { mailboxConfigSchema } from './config.ts'
import { createHandler } from './handler.ts'
import { createMails } from './mails.ts'
import { type MailListener, openMailListener } from './smtp.ts'

await runLocalProgram('mailbox', async ({ log }) => {
  // Both outlive reloads.
  const mails = createMails()
  let listener: MailListener | undefined
  return {
    async load(release) {
      const config = mailboxConfigSchema.parse(release.config)
      const { host, port } = config.smtp
      if (listener && (listener.address.host !== host || listener.address.port !== port)) {
        throw new Error('the SMTP address changes with a restart only')
      }
      listener ??= await openMailListener(config.smtp, mails, log)
      return { listen: config.listen, handle: createHandler({ config, mails, log }) }
    },
    // The process ends behind it, and cuts what a client still holds open.
    close: () => void listener?.close(),
  }
})
