import { randomUUID } from 'node:crypto'

import type { SendMailOptions } from 'nodemailer'

import type { BrandConfig, ImageConfig } from '../config.ts'
import type { Language } from '../languages/index.ts'
import type { MailMessage } from './contract.ts'
import { renderHtml } from './html.ts'
import { composeLetter } from './letter.ts'
import { oneLine } from './names.ts'
import { renderText } from './text.ts'

/** Says what kind of mail it is, for filters and tests; the value is the kind with dashes. */
export const KIND_HEADER = 'X-Gatewright-Mail'

/** What mail programs show in the middle of a page. */
const INLINE_IMAGES: Readonly<Partial<Record<ImageConfig['type'], string>>> = {
  'image/png': 'logo.png',
  'image/jpeg': 'logo.jpg',
}

/** Everything that makes a message besides what it tells. */
export interface MessageAbout {
  brand: Pick<BrandConfig, 'name' | 'colors' | 'links' | 'logo'>
  language: Language
  from: string
  /** One address, checked. */
  to: string
}

/**
 * Makes a message with a text and an HTML part. Addresses are given apart from names, so that no name can become one; the
 * envelope is given too, and nothing is read from headers.
 * @throws TypeError when a link in it is no absolute http(s) address, RangeError for a time that is none
 */
export function makeMessage(message: MailMessage, { brand, language, from, to }: MessageAbout): SendMailOptions {
  const letter = composeLetter(message, brand.name, language)
  const image = inlineLogo(brand.logo, from)
  const frame = { brand, language, logoCid: image?.cid }
  return {
    envelope: { from, to: [to] },
    from: { name: oneLine(brand.name), address: from },
    to: { name: '', address: to },
    subject: letter.subject,
    messageId: `<${randomUUID()}@${domainOf(from)}>`,
    headers: {
      // No out-of-office answers (RFC 3834 §5, and what Exchange reads instead).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      [KIND_HEADER]: message.kind.replaceAll('_', '-'),
    },
    text: renderText(letter, frame),
    html: renderHtml(letter, frame),
    attachments: image === undefined ? [] : [image],
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function inlineLogo(logo: ImageConfig | undefined, from: string) {
  const filename = logo && INLINE_IMAGES[logo.type]
  if (filename === undefined) return undefined
  return {
    filename,
    content: Buffer.from(logo?.data ?? '', 'base64'),
    contentType: logo?.type,
    contentDisposition: 'inline',
    cid: `logo@${domainOf(from)}`,
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
