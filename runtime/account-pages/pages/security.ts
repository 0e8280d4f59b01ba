import {
  badge,
  linkButton,
  type Look,
  markup,
  type Markup,
  moment,
  notice,
  type PageContent,
  section,
} from '../../pages/index.ts'
import { paths } from '../paths.ts'
import { type AccountWords, accountWords } from '../words/index.ts'
import { type ConnectedOptions, connectedSection } from './connected.ts'
import { tabPage } from './frame.ts'
import { type PasskeysOptions, passkeysSection } from './passkey-list.ts'

export interface SecurityOptions {
  person: string
  /** Left out where nobody has, or may have, one. */
  password?: PasswordState | undefined
  /** Left out where nobody has, or may have, one. */
  passkeys?: PasskeysOptions | undefined
  connected: ConnectedOptions
  /** Whether changes are told by mail. */
  mailed: boolean
  done?: Markup | string | undefined
}

export interface PasswordState {
  isSet: boolean
  /** Milliseconds since 1970. */
  changedAt?: number | undefined
  /** `no_address` where the account has none to go with it; `off` where passwords count for nothing here. */
  may: 'change' | 'no_address' | 'off'
}

/** By what somebody can sign in, and the ways to change it. Its forms need `formAction: ["'self'"]`. */
export function securityPage(look: Look, options: SecurityOptions): PageContent {
  const words = accountWords(look.language)
  const { person, password, passkeys, connected, mailed, done } = options
  const { recent, mailed: byMail, lead } = words.security
  const body = markup`<p class="hint">${mailed ? `${recent} ${byMail}` : recent}</p>
${password && passwordSection(look, words, password)}
${passkeys && passkeysSection(look, words, passkeys)}
${connectedSection(look, words, connected)}`
  return tabPage(look, { tab: 'security', person, lead, done, body })
}

function passwordSection(look: Look, words: AccountWords, { isSet, changedAt, may }: PasswordState): Markup {
  const { password } = words
  const since = changedAt === undefined ? undefined : password.changedAt(moment(look, changedAt))
  const state = isSet
    ? markup`<p>${badge(password.set, 'good')} ${since}</p>`
    : markup`<p class="lead">${password.none}</p>`
  const label = isSet ? password.changeButton : password.setButton
  const ways = [
    ...(may === 'change' ? [linkButton({ href: paths.password, label, emphasis: 'compact' })] : []),
    ...(isSet ? [linkButton({ href: paths.removePassword, label: password.removeButton, emphasis: 'compact' })] : []),
  ]
  const note =
    may === 'no_address' ? notice(password.needsAddress) : may === 'off' && isSet ? notice(password.unused) : undefined
  const buttons = ways.length === 0 ? undefined : markup`<div class="actions">${ways}</div>`
  return section(password.heading, markup`${state}${note}${buttons}`)
}
