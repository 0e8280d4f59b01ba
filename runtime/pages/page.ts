import { type FormAction, pageHeaders } from './headers.ts'
import { layout, type PageContent } from './layout.ts'
import type { Look } from './look.ts'

/** What the answer has beside its document. */
export interface PageAnswer {
  /** @default 200 */
  status?: number
  /** Where forms may lead. @default none: the page has no form */
  formAction?: FormAction
  /** Values of Set-Cookie. @default none */
  setCookies?: readonly string[]
  /** Fields beside those of every page, with names in lower case. @default none */
  headers?: Readonly<Record<string, string>>
}

/**
 * Makes the answer that shows a page, under a policy that allows just what is on it.
 * @throws TypeError when an address in the look is neither a path nor an http(s) URL
 */
export function page(
  look: Look,
  content: PageContent,
  { status = 200, formAction = [], setCookies = [], headers: more = {} }: PageAnswer = {},
): Response {
  const headers = new Headers({ ...pageHeaders(look, { formAction, script: content.script }), ...more })
  for (const cookie of setCookies) headers.append('set-cookie', cookie)
  return new Response(layout(look, content), { status, headers })
}
