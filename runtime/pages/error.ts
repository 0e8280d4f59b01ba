import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { markup } from './markup.ts'
import { facts, linkButton, plain, requestLine } from './parts/index.ts'

export interface ErrorPageOptions {
  /** What is the matter, in a few words. */
  title: string
  /** What that means for the person, and what to do. Never an inner cause. */
  message: string
  /** What most often is behind it, a sentence or two each. @default none */
  causes?: readonly string[]
  /** What the person has to know for that, by name. @default nothing */
  details?: readonly (readonly [term: string, value: string])[]
  requestId: string
  action?: { href: string; label: string }
}

/**
 * Tells of a fault, with the number by which it is found in the log.
 * @throws TypeError when the action's `href` is neither a path nor an http(s) URL
 */
export function errorPage(look: Look, options: ErrorPageOptions): PageContent {
  const { title, message, causes = [], details = [], requestId, action } = options
  return {
    title,
    body: markup`<h1>${title}</h1>
<p class="lead">${message}</p>
${causes.length === 0 ? undefined : markup`<ul class="causes">${causes.map((cause) => markup`<li>${cause}</li>`)}</ul>`}
${details.length === 0 ? undefined : facts(details.map(([term, value]) => [term, plain(value)]))}
${action === undefined ? undefined : markup`<div class="actions">${linkButton({ ...action, emphasis: 'primary' })}</div>`}
${requestLine(look, requestId)}`,
  }
}
