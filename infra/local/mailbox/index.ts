// What infra needs to start the program; the program itself begins in main.ts and is bundled, never imported.
export { type MailboxConfig, mailboxConfigSchema } from './config.ts'
