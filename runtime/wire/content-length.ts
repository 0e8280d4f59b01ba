/**
 * Says whether a text is a length of content: digits, and no zero in front, which means eight to some readers.
 * @see RFC 9110 §8.6
 */
export function isContentLength(text: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(text)
}
