import { html, raw } from 'hono/html'

/** Text that is HTML already; every other value is escaped when it is put into a template. */
export type Markup = ReturnType<typeof raw>

type MarkupValue = string | number | Markup | readonly Markup[] | undefined

/**
 * A template whose values are escaped, except those that are markup themselves.
 * Values that are promises are left out of the type, so that the answer is always there at once.
 */
export function markup(strings: TemplateStringsArray, ...values: MarkupValue[]): Markup {
  const made = html(strings, ...values)
  if (made instanceof Promise) throw new TypeError('A value in a page is still a promise')
  return made
}

/**
 * An address that may stand in `href` or `action`.
 * @param value a path from the root, or an absolute http(s) URL
 * @throws TypeError for anything else: escaping alone does not make `javascript:` harmless
 */
export function address(value: string): string {
  if (/^\/(?![/\\])/.test(value)) return value
  const url = URL.parse(value)
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
  throw new TypeError('An address on a page is a path from the root or an absolute http(s) URL')
}
