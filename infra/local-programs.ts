import type * as pulumi from '@pulumi/pulumi'

import { localListener, type MailSettings, type StackConfig } from './config/index.ts'
import type { MailboxConfig } from './local/mailbox/index.ts'
import { type ProgramFolders, startProgram } from './targets/index.ts'

/** Starts a small app behind the route that the stack file names for it. */
export function startSampleApp(stack: StackConfig, folders: ProgramFolders, parent: pulumi.Resource): void {
  const route = stack.sampleApp && stack.routes[stack.sampleApp.route]
  if (!route) return
  const listen = localListener(route.to?.[0] ?? '')
  startProgram(
    'sample-app-program',
    {
      folder: folders.sampleApp,
      folders,
      program: 'sample-app',
      config: { listen, loginUrl: stack.brands[route.brand]?.url ?? stack.url, audience: route.from },
      secrets: {},
      listen: [listen],
      readyUrl: `http://${listen.host}:${listen.port}/ready`,
    },
    { parent },
  )
}

/** Starts the mail server of a stack whose mail is to stay on this machine. */
export function startMailbox(mail: MailSettings | undefined, folders: ProgramFolders, parent: pulumi.Resource): void {
  if (mail?.kind !== 'local') return
  const { url, smtp } = mail
  const listen = localListener(url)
  const config: MailboxConfig = { url, listen, smtp }
  startProgram(
    'mailbox-program',
    {
      folder: folders.mailbox,
      folders,
      program: 'mailbox',
      config: { ...config },
      secrets: {},
      listen: [listen, smtp],
      readyUrl: `http://${listen.host}:${listen.port}/ready`,
      fixed: `SMTP at ${smtp.host}:${smtp.port}`,
    },
    { parent },
  )
}
