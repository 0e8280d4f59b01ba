import type { Language } from '../languages/index.ts'
import type { MailMessage, SecurityChange } from './contract.ts'
import { formatTime } from './times.ts'
import { oneLine, unlinkedName } from './names.ts'
import { mailWords, type Words } from './words/index.ts'

/** What a mail says, in words and in order, before it has a form. */
export interface Letter {
  subject: string
  heading: string
  paragraphs: readonly string[]
  facts: readonly { term: string; value: string }[]
  action: { label: string; link: string }
  /** Below the action, smaller. */
  notes: readonly string[]
}

/**
 * Puts a message into words.
 * @param brandName shown; of the operator's choosing
 * @throws TypeError when the link is no absolute http(s) address: a mail has no page that it could stand on
 */
export function composeLetter(message: MailMessage, brandName: string, language: Language): Letter {
  const words = mailWords[language]
  const brand = oneLine(brandName)
  const link = absoluteLink(message.link)
  switch (message.kind) {
    case 'verify_email': {
      const { subject, heading, lead, action, ignore } = words.verifyEmail
      return {
        subject: subject(brand),
        heading,
        paragraphs: [lead(brand, oneLine(message.provider))],
        facts: [],
        action: { label: action, link },
        notes: [words.expires(formatTime(language, message.expiresAt)), ignore(brand)],
      }
    }
    case 'invitation': {
      const { subject, heading, lead, leadBy, action } = words.invitation
      const by = message.invitedBy === undefined ? '' : unlinkedName(message.invitedBy)
      return {
        subject: subject(brand),
        heading: heading(brand),
        paragraphs: [by === '' ? lead(brand) : leadBy(brand, by)],
        facts: [],
        action: { label: action, link },
        notes: [words.expires(formatTime(language, message.expiresAt)), words.invitation.ignore],
      }
    }
    case 'password_reset': {
      const { subject, heading, lead, action, ignore } = words.passwordReset
      return {
        subject: subject(brand),
        heading,
        paragraphs: [lead(brand)],
        facts: [],
        action: { label: action, link },
        notes: [words.expires(formatTime(language, message.expiresAt)), ignore],
      }
    }
    case 'security_notice':
      return composeNotice(message, words, brand, language)
  }
}

function composeNotice(
  { change, at, address, link }: Extract<MailMessage, { kind: 'security_notice' }>,
  words: Words,
  brand: string,
  language: Language,
): Letter {
  const { action, when, from, notYou } = words.securityNotice
  const { subject, happened } = words.securityNotice.changes[change.what]
  return {
    subject: `${brand}: ${subject}`,
    heading: subject,
    paragraphs: [happened(brand, nameIn(change))],
    facts: [
      { term: when, value: formatTime(language, at) },
      ...(address === '' ? [] : [{ term: from, value: oneLine(address) }]),
    ],
    action: { label: action, link: absoluteLink(link) },
    notes: [notYou],
  }
}

function nameIn(change: SecurityChange): string {
  if ('name' in change) return unlinkedName(change.name)
  return 'provider' in change ? oneLine(change.provider) : ''
}

function absoluteLink(link: string): string {
  const url = URL.parse(link)
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
  throw new TypeError('A link in a mail is an absolute http(s) address')
}
