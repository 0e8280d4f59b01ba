import { type Column, linkButton, type Look, markup, type Markup, moment, section, table } from '../../pages/index.ts'
import type { Passkey } from '../../store/index.ts'
import { passkeyHandle } from '../handle.ts'
import { paths } from '../paths.ts'
import type { AccountWords } from '../words/index.ts'
import { named } from './frame.ts'

export interface PasskeysOptions {
  passkeys: readonly Passkey[]
  /** Whether another one may be added. */
  mayAdd: boolean
}

/** The account's passkeys, and the ways to change them. */
export function passkeysSection(look: Look, words: AccountWords, { passkeys, mayAdd }: PasskeysOptions): Markup {
  const { passkeys: texts, common } = words
  const columns: Column[] = [
    { label: texts.name },
    { label: common.since },
    { label: common.lastUsed },
    { label: common.ways, kind: 'actions' },
  ]
  const rows = passkeys.map((passkey) => {
    const handle = passkeyHandle(passkey)
    return [
      named(passkey.name),
      moment(look, passkey.createdAt),
      passkey.lastUsedAt === undefined ? markup`${common.never}` : moment(look, passkey.lastUsedAt),
      markup`${linkButton({ href: paths.passkey(handle), label: texts.rename, emphasis: 'compact' })}${linkButton({
        href: paths.removePasskey(handle),
        label: texts.remove,
        emphasis: 'compact',
      })}`,
    ]
  })
  const add = mayAdd
    ? markup`<div class="actions">${linkButton({ href: paths.newPasskey, label: texts.add, emphasis: 'compact' })}</div>`
    : undefined
  const list = table({ caption: texts.caption, columns, rows, empty: texts.empty })
  return section(texts.heading, markup`<p class="lead">${texts.lead}</p>${list}${add}`)
}
