import {
  actions,
  confirmForm,
  linkButton,
  type Look,
  markup,
  type Markup,
  type PageContent,
  plain,
} from '../../pages/index.ts'
import type { Handle } from '../handle.ts'
import { paths } from '../paths.ts'
import { accountWords } from '../words/index.ts'
import { stepPage } from './frame.ts'

/** Asks before an account elsewhere is disconnected. Its form needs `formAction: ["'self'"]`. */
export function disconnectPage(look: Look, { handle, provider }: { handle: Handle; provider: string }): PageContent {
  const { connected } = accountWords(look.language)
  const body = confirmForm(look, {
    action: paths.disconnect(handle),
    question: connected.disconnectQuestion(plain(provider)),
    confirm: connected.disconnect,
    cancelHref: paths.security,
    risk: 'danger',
  })
  return stepPage(look, { title: connected.plainTitle, heading: connected.disconnectTitle(plain(provider)), body })
}

export interface LastWayOptions {
  /** What was to be taken away. */
  way: Markup
  /** What else could be set up here. */
  password: boolean
  passkeys: boolean
  providers: boolean
}

/** Says why the only way in stays, and what to do before it can go. */
export function lastWayPage(look: Look, { way, password, passkeys, providers }: LastWayOptions): PageContent {
  const { last } = accountWords(look.language)
  const ways = [
    ...(password ? [linkButton({ href: paths.password, label: last.password })] : []),
    ...(passkeys ? [linkButton({ href: paths.newPasskey, label: last.passkey })] : []),
    ...(providers ? [linkButton({ href: paths.security, label: last.connect })] : []),
  ]
  const todo =
    ways.length === 0
      ? markup`<p class="lead">${last.administrator}</p>`
      : markup`<p class="lead">${last.todo}</p>${actions(ways)}`
  const body = markup`<p class="lead">${last.lead(way)}</p>${todo}`
  return stepPage(look, { title: last.title, body, backHref: paths.security })
}
