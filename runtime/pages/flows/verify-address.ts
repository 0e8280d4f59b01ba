import type { PageContent } from '../layout.ts'
import type { Look } from '../look.ts'
import { address, markup } from '../markup.ts'
import { actions, form, linkButton, notice, plain, strong, submit } from '../parts/index.ts'
import { flowWords } from './words/index.ts'

/** What became of the mail. After `too_many` an earlier one is there to be looked for; with `held_back` there is none. */
export type MailState = 'sent' | 'sent_again' | 'failed' | 'too_many' | 'held_back'

export interface VerifyAddressOptions {
  email: string
  provider: string
  mail: MailState
  /** When one that was held back may be asked for again. */
  againInMinutes: number
  /** Somebody says that they have confirmed it, and they have not. */
  isTooEarly: boolean
  continueHref: string
  againAction: string
  /** Left out where the address has to be confirmed. */
  withoutAction?: string | undefined
  startOverHref: string
}

/** Asks somebody to open the link in a mail. Its forms need `formAction: ["'self'"]`. */
export function verifyAddressPage(look: Look, options: VerifyAddressOptions): PageContent {
  const { verify, common } = flowWords(look.language)
  const { email, provider, mail, isTooEarly, withoutAction } = options
  const failed = mail === 'failed' || mail === 'held_back'
  const sendAgain = submit({ label: verify.again, emphasis: failed ? 'primary' : undefined })
  const again = form({ action: options.againAction, body: sendAgain })
  const goOn = linkButton({ href: options.continueHref, label: verify.done, emphasis: 'primary' })
  const told = mail === 'sent_again' ? verify.sentAgain : mail === 'too_many' ? verify.tooMany : undefined
  const when = new Intl.RelativeTimeFormat(look.language).format(options.againInMinutes, 'minute')
  const notSent = mail === 'held_back' ? verify.heldBack(plain(email), plain(when)) : verify.notSent(plain(email))
  const title = failed ? verify.failedTitle : verify.title
  const sent = markup`<p class="lead">${verify.lead(strong(email), plain(provider))}</p><p>${verify.anyDevice}</p>`
  return {
    title,
    body: markup`<h1>${title}</h1>
${failed ? notice(notSent, 'alert') : sent}
${told && notice(told)}
${isTooEarly ? notice(verify.notYet, 'warn') : undefined}
${actions(failed ? [again] : [goOn, again])}
${
  withoutAction === undefined
    ? undefined
    : markup`<p class="note">${verify.withoutMeans}</p>${actions([form({ action: withoutAction, body: submit({ label: verify.without }) })])}`
}
<p class="note"><a href="${address(options.startOverHref)}">${common.startOver}</a></p>`,
  }
}
