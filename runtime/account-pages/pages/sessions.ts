import {
  actions,
  badge,
  type Column,
  form,
  hidden,
  type Look,
  markup,
  type Markup,
  moment,
  type PageContent,
  plain,
  submit,
  table,
} from '../../pages/index.ts'
import type { Handle } from '../handle.ts'
import { paths } from '../paths.ts'
import { type AccountWords, accountWords } from '../words/index.ts'
import { named, tabPage } from './frame.ts'

/** A session as its person knows it. Times are milliseconds since 1970. */
export interface SessionRow {
  handle: Handle
  /** Undefined where nobody knows. */
  device: string | undefined
  isThis: boolean
  /** By what it was begun. */
  method: string
  /** Empty where nobody knows. */
  address: string
  createdAt: number
  seenAt: number
}

export interface SessionsOptions {
  person: string
  sessions: readonly SessionRow[]
  done?: string | undefined
  problem?: 'ended' | undefined
}

/** The field that says which session is meant. */
export const SESSION_FIELD = 'session'

/** Where somebody is signed in. Its forms need `formAction: ["'self'"]`. */
export function sessionsPage(look: Look, { person, sessions, done, problem }: SessionsOptions): PageContent {
  const words = accountWords(look.language)
  const { sessions: texts, common } = words
  const columns: Column[] = [
    { label: texts.device },
    { label: texts.method },
    { label: texts.address },
    { label: texts.began },
    { label: texts.seen },
    { label: common.ways, kind: 'actions' },
  ]
  const rows = sessions.map((session) => row(look, words, session))
  const list = table({ caption: texts.caption, columns, rows, empty: texts.empty })
  const body = markup`${list}${sessions.length > 1 ? endOthers(words) : undefined}`
  return tabPage(look, { tab: 'sessions', person, lead: texts.lead, done, problem: problem && texts[problem], body })
}

function row(look: Look, { sessions: texts, common }: AccountWords, session: SessionRow): Markup[] {
  const { handle, device = texts.unknown, isThis, method, address, createdAt, seenAt } = session
  const end = form({
    action: paths.endSession,
    body: markup`${hidden([[SESSION_FIELD, handle]])}${submit({ label: texts.end, emphasis: 'compact' })}`,
  })
  return [
    named(device, isThis ? badge(texts.thisOne, 'good') : undefined),
    plain(method),
    address === '' ? markup`${common.unknown}` : plain(address),
    moment(look, createdAt),
    moment(look, seenAt),
    isThis ? markup`` : end,
  ]
}

function endOthers({ sessions: texts }: AccountWords): Markup {
  const button = actions([submit({ label: texts.endOthers, emphasis: 'compact danger' })])
  return markup`<p class="note">${texts.endOthersLead}</p>${form({ action: paths.endOthers, body: button })}`
}
