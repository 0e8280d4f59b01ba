import { markup, type Markup } from '../markup.ts'

/** How much it matters; the words say so as well. */
export type NoticeTone = 'info' | 'good' | 'warn' | 'alert'

/** Something to know before going on. Screen readers are told at once of an alert, and of the rest in their time. */
export function notice(text: Markup | string, tone: NoticeTone = 'info'): Markup {
  const role = tone === 'alert' ? 'alert' : 'status'
  return markup`<div class="notice${tone === 'info' ? '' : ` ${tone}`}" role="${role}">${text}</div>`
}

/** A word between two ways, like "or". */
export function divider(label: string): Markup {
  return markup`<p class="or"><span>${label}</span></p>`
}

/** A part of a page with a heading of its own. @param risk `risky` where what it holds cannot be undone */
export function section(heading: string, body: Markup, risk: 'plain' | 'risky' = 'plain'): Markup {
  return markup`<section class="section${risk === 'risky' ? ' risky' : ''}"><h2>${heading}</h2>${body}</section>`
}

/** What most people need not see, one click away. */
export function disclosure(summary: string, body: Markup): Markup {
  return markup`<details><summary>${summary}</summary>${body}</details>`
}

/** The heading of a page that is worked with, and what can be done there beside it. */
export function pageHead(heading: Markup | string, ways: readonly Markup[] = []): Markup {
  return markup`<div class="head"><h1>${heading}</h1>${ways.length === 0 ? undefined : markup`<div>${ways}</div>`}</div>`
}
