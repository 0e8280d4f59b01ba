import {
  actions,
  badge,
  type Column,
  form,
  linkButton,
  type Look,
  markup,
  type Markup,
  moment,
  plain,
  section,
  submit,
  table,
} from '../../pages/index.ts'
import type { Identity } from '../../store/index.ts'
import { identityHandle } from '../handle.ts'
import { paths } from '../paths.ts'
import type { AccountWords } from '../words/index.ts'
import { named } from './frame.ts'

/** An account elsewhere that signs somebody in here. */
export interface ConnectedAccount {
  identity: Identity
  /** Name of the provider. */
  provider: string
  usable: boolean
  isNew: boolean
}

export interface ConnectedOptions {
  accounts: readonly ConnectedAccount[]
  /** Providers that could be connected besides. */
  others: readonly { id: string; name: string }[]
}

/** The field that says which provider is to be connected. */
export const PROVIDER_FIELD = 'provider'

/** The accounts that are connected, and the ways to change that. */
export function connectedSection(look: Look, words: AccountWords, { accounts, others }: ConnectedOptions): Markup {
  const { connected, common } = words
  const columns: Column[] = [
    { label: connected.provider },
    { label: connected.email },
    { label: connected.linked },
    { label: common.lastUsed },
    { label: common.ways, kind: 'actions' },
  ]
  const rows = accounts.map(({ identity, provider, usable, isNew }) => [
    named(provider, marks(words, { usable, isNew })),
    identity.email === '' ? markup`${common.unknown}` : plain(identity.email),
    moment(look, identity.linkedAt),
    moment(look, identity.lastUsedAt),
    linkButton({
      href: paths.disconnect(identityHandle(identity)),
      label: connected.disconnect,
      emphasis: 'compact',
    }),
  ])
  const list = table({ caption: connected.caption, columns, rows, empty: connected.empty })
  return section(connected.heading, markup`<p class="lead">${connected.lead}</p>${list}${connectPart(words, others)}`)
}

function marks(
  { connected }: AccountWords,
  { usable, isNew }: Pick<ConnectedAccount, 'usable' | 'isNew'>,
): Markup | undefined {
  if (!usable) return badge(connected.notUsable, 'warn')
  return isNew ? badge(connected.isNew, 'good') : undefined
}

function connectPart({ connected }: AccountWords, others: ConnectedOptions['others']): Markup | undefined {
  if (others.length === 0) return undefined
  const buttons = others.map(({ id, name }) =>
    submit({ label: connected.connect(name), says: { name: PROVIDER_FIELD, value: id }, emphasis: 'compact' }),
  )
  return markup`<h3>${connected.more}</h3>${form({ action: paths.connect, body: actions(buttons) })}`
}
