import { layout } from './layout.ts'
import { markup } from './markup.ts'
import { linkButton, requestLine } from './parts.ts'

export interface ErrorPageOptions {
  /** Absent where the fault came before the brand was known. */
  brandName?: string
  /** What is the matter, in a few words. */
  title: string
  /** What that means for the person, and what to do. Never an inner cause. */
  message: string
  /** What most often is behind it, a sentence or two each. @default none */
  causes?: readonly string[]
  requestId: string
  action?: { href: string; label: string }
}

/**
 * Tells of a fault, with the number by which it is found in the log.
 * @throws TypeError when the action's `href` is neither a path nor an http(s) URL
 */
export function errorPage({ brandName, title, message, causes = [], requestId, action }: ErrorPageOptions): string {
  return layout({
    title,
    brandName,
    body: markup`<h1>${title}</h1>
<p class="lead">${message}</p>
${causes.length === 0 ? undefined : markup`<ul class="causes">${causes.map((cause) => markup`<li>${cause}</li>`)}</ul>`}
${action === undefined ? undefined : markup`<div class="actions">${linkButton({ ...action, emphasis: 'primary' })}</div>`}
${requestLine(requestId)}`,
  })
}
