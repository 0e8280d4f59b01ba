export type { MailEnvelope, Mailer, MailMessage, MailOutcome, SecurityChange } from './contract.ts'
export { createMailer, type MailerOptions } from './mailer.ts'
export { KIND_HEADER } from './message.ts'
