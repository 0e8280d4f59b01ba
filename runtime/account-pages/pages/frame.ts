import {
  linkButton,
  markup,
  type Look,
  type Markup,
  navigation,
  notice,
  pageHead,
  type PageContent,
} from '../../pages/index.ts'
import { paths } from '../paths.ts'
import { type AccountWords, accountWords, DONE } from '../words/index.ts'

export type Tab = keyof Omit<AccountWords['tabs'], 'signOut'>

export interface TabPage {
  tab: Tab
  /** Who is signed in: name or address. */
  person: string
  lead: string
  /** What the page says was done. @default nothing */
  done?: Markup | string | undefined
  /** What went wrong. @default nothing */
  problem?: string | undefined
  body: Markup
}

/** One of the pages that the account is made of, with the ways to the others. */
export function tabPage(look: Look, { tab, person, lead, done, problem, body }: TabPage): PageContent {
  const { account, tabs } = accountWords(look.language)
  const href = { profile: paths.profile, security: paths.security, sessions: paths.sessions, data: paths.data }
  const items = (['profile', 'security', 'sessions', 'data'] as const).map((name) => ({
    href: href[name],
    label: tabs[name],
    current: name === tab,
  }))
  const signOut = { href: paths.signOut, label: tabs.signOut, current: false }
  return {
    title: `${tabs[tab]} · ${account}`,
    size: 'full',
    navigation: navigation({ label: account, items: [...items, signOut], person }),
    body: markup`${pageHead(tabs[tab])}
<p class="lead">${lead}</p>
${done === undefined ? undefined : notice(done, 'good')}
${problem === undefined ? undefined : notice(problem, 'alert')}
${body}`,
  }
}

/** A page for one step; the way back to where it began is always there. */
export function stepPage(
  look: Look,
  step: { title: string; heading?: Markup; body: Markup; backHref?: string; script?: string },
): PageContent {
  const { account, common } = accountWords(look.language)
  const { title, heading, body, backHref, script } = step
  const back =
    backHref === undefined
      ? undefined
      : markup`<div class="actions">${linkButton({ href: backHref, label: common.back })}</div>`
  return {
    title: `${title} · ${account}`,
    body: markup`<h1>${heading ?? title}</h1>${body}${back}`,
    ...(script === undefined ? {} : { script }),
  }
}

/** @param value of the query's `done`, anything */
export function doneText(words: AccountWords, value: string | null): string | undefined {
  const done = DONE.find((one) => one === value)
  return done && words.done[done]
}

/** A row's heading with what is said of it below. */
export function named(name: Markup | string, beside?: Markup): Markup {
  return markup`<bdi>${name}</bdi>${beside && markup` ${beside}`}`
}
