import {
  badge,
  errorPage,
  facts,
  linkButton,
  type Look,
  markup,
  type Markup,
  moment,
  type PageContent,
  plain,
  plainLook,
} from '../../../runtime/pages/index.ts'
import type { ReceivedMail } from './mails.ts'

export const MAILBOX_LOOK: Look = plainLook('Mailbox')

const FOOT = 'Mail of this machine, for development. It ends with the program.'

/** Where a mail is shown, and its HTML part alone. */
export function mailPath({ id }: Pick<ReceivedMail, 'id'>): string {
  return `/mails/${id}`
}

/** All mails, the newest first. */
export function listPage(mails: readonly ReceivedMail[]): PageContent {
  return {
    title: 'Mail',
    size: 'full',
    foot: FOOT,
    body: markup`<div class="head"><h1>Mail</h1><div class="copy">${linkButton({ href: '/', label: 'Look again', emphasis: 'compact' })}${mails.length === 0 ? undefined : clearForm}</div></div>
${mails.length === 0 ? markup`<p class="empty">No mail has come yet.</p>` : table(mails)}`,
  }
}

const clearForm = markup`<form method="post" action="/clear"><button class="button compact" type="submit">Delete all</button></form>`

function table(mails: readonly ReceivedMail[]): Markup {
  const rows = mails.map(
    (mail) =>
      markup`<tr><th scope="row" data-label="Subject"><a href="${mailPath(mail)}">${plain(subjectOf(mail))}</a></th><td data-label="To">${plain(mail.recipients.join(', '))}</td><td data-label="Came" class="last">${moment(MAILBOX_LOOK, mail.receivedAt)}</td></tr>`,
  )
  return markup`<table class="table"><thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Came</th></tr></thead><tbody>${rows}</tbody></table>`
}

/** One mail: who and what, its links, and both of its parts. */
export function mailPage(mail: ReceivedMail): PageContent {
  const kind = mail.headers.get('x-gatewright-mail')
  return {
    title: subjectOf(mail),
    size: 'wide',
    foot: FOOT,
    body: markup`<h1>${plain(subjectOf(mail))}</h1>
${facts([
  ['From', plain(mail.from)],
  ['To', plain(mail.recipients.join(', '))],
  ['Came', moment(MAILBOX_LOOK, mail.receivedAt)],
  ...(kind === undefined ? [] : [['Kind', badge(kind)] as const]),
])}
${mail.links.length === 0 ? undefined : markup`<h2>Links</h2><ul class="causes">${mail.links.map(linkItem)}</ul>`}
${mail.html === '' ? undefined : markup`<h2>As HTML</h2><iframe src="${mailPath(mail)}/html" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" width="100%" height="720" frameborder="0"></iframe>`}
<h2>As text</h2>
<div class="section">${mail.text
      .trimEnd()
      .split('\n')
      .map((line) => markup`${line}<br>`)}</div>
<div class="actions row">${linkButton({ href: '/', label: 'All mail', emphasis: 'compact' })}</div>`,
  }
}

function linkItem(link: string): Markup {
  return markup`<li><a href="${link}" target="_blank" rel="noopener noreferrer">${link}</a></li>`
}

function subjectOf({ subject }: ReceivedMail): string {
  return subject === '' ? '(no subject)' : subject
}

/** Why a request is not answered by what it asked for. */
const REFUSALS = {
  not_found: [
    404,
    'There is no such mail',
    'It may have left for newer ones, or with the program that was started anew.',
  ],
  method_not_allowed: [405, 'This is not how this page is used', 'Open the list of all mail.'],
  foreign_origin: [403, 'This form came from elsewhere', 'Open the list of all mail and try again.'],
  wrong_host: [421, 'This is not the address of this mailbox', 'Use the address that the stack’s outputs name.'],
} as const satisfies Record<string, readonly [status: number, title: string, message: string]>

export type MailboxRefusal = keyof typeof REFUSALS

/** @param requestId stands in the log too */
export function refusalPage(code: MailboxRefusal, requestId: string): { status: number; content: PageContent } {
  const [status, title, message] = REFUSALS[code]
  return { status, content: errorPage(MAILBOX_LOOK, { title, message, requestId }) }
}
