import { COPY_SCRIPT, markup, type Markup, navigation, notice, page, pageHead } from '../pages/index.ts'
import { paths } from './paths.ts'
import type { Visit } from './visit.ts'

/** Which part of administration a page belongs to. */
export type Section = 'overview' | 'providers' | 'users' | 'sessions' | 'audit'

const SECTIONS: readonly { section: Section; href: string; label: string }[] = [
  { section: 'overview', href: paths.overview, label: 'Overview' },
  { section: 'providers', href: paths.providers, label: 'Identity providers' },
  { section: 'users', href: paths.users, label: 'Users' },
  { section: 'sessions', href: paths.sessions, label: 'Sessions' },
  { section: 'audit', href: paths.audit, label: 'Audit log' },
]

export interface AdminPage {
  title: string
  section: Section
  /** Beside the heading. @default none */
  ways?: readonly Markup[]
  body: Markup
  /** What just happened. @default nothing */
  done?: string | undefined
  /** @default 200 */
  status?: number
}

/** Answers with a page of administration; its only script copies what has a button for it. */
export function adminPage(
  { look, name }: Pick<Visit, 'look' | 'name'>,
  { title, section, ways = [], body, done, status = 200 }: AdminPage,
): Response {
  const items = SECTIONS.map(({ section: other, href, label }) => ({ href, label, current: other === section }))
  const content = {
    title: `${title} · Administration`,
    size: 'full' as const,
    navigation: navigation({ label: 'Administration', items, person: name }),
    body: markup`${pageHead(title, ways)}${done === undefined ? undefined : notice(done, 'good')}${body}`,
    script: COPY_SCRIPT,
  }
  return page(look, content, { status, formAction: ["'self'"] })
}
