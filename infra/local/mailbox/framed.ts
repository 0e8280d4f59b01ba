import type { ParsedMail } from './mime/index.ts'

/** Pictures that are shown; anything else could be a document. */
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/**
 * A mail's HTML part as it may stand in a frame: pictures that it brings are put in, and its links open a tab of their own, in
 * the browser that the mail is bound to. What keeps it apart from us is `FRAMED_HEADERS`.
 */
export function framedHtml({ html, images }: Pick<ParsedMail, 'html' | 'images'>): string {
  const withImages = images
    .filter(({ id, type }) => id !== '' && IMAGE_TYPES.has(type))
    .reduce(
      (whole, { id, type, content }) =>
        whole.replaceAll(`"cid:${id}"`, `"data:${type};base64,${content.toString('base64')}"`),
      html,
    )
  const base = '<base target="_blank">'
  return /<head>/i.test(withImages)
    ? withImages.replace(/<head>/i, (head) => `${head}${base}`)
    : `<!doctype html>${base}${withImages}`
}

/**
 * Headers for a mail's HTML: an origin of its own, no script, no form, nothing from anywhere else, whatever it says.
 * @see CSP Level 3 §6.3.2 (sandbox)
 */
export const FRAMED_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
