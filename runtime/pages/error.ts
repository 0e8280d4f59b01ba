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
  requestId: string
  action?: { href: string; label: string }
}

/**
 * Tells of a fault, with the number by which it is found in the log.
 * @throws TypeError when the action's `href` is neither a path nor an http(s) URL
 */
export function errorPage({ brandName, title, message, requestId, action }: ErrorPageOptions): string {
  return layout({
    title,
    brandName,
    body: markup`<h1>${title}</h1>
<p class="lead">${message}</p>
${action === undefined ? undefined : markup`<div class="actions">${linkButton({ ...action, emphasis: 'primary' })}</div>`}
${requestLine(requestId)}`,
  })
}
