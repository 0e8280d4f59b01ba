const TOKEN = table((code) => /[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(String.fromCharCode(code)))
const TEXT = table((code) => code === 0x09 || (code >= 0x20 && code !== 0x7f))

/**
 * Says whether a text can stand as a method or a field name.
 * @see RFC 9110 §5.6.2
 */
export function isToken(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (TOKEN[text.charCodeAt(index)] !== 1) return false
  return text !== ''
}

/**
 * Says whether a text can stand as a field value, one byte for each of its characters: what is above U+00FF would be cut to
 * its low byte, and U+010A become a line end.
 * @see RFC 9110 §5.5
 */
export function isFieldText(text: string): boolean {
  // Mostly a part of a longer text, of which each single character would have to be looked up.
  return FIELD_TEXT.test(text)
}

const FIELD_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/

/** @returns where the token that begins at `start` ends */
export function tokenEnd(text: string, start: number): number {
  let index = start
  while (TOKEN[text.charCodeAt(index)] === 1) index += 1
  return index
}

/** @returns where the field text that begins at `start` ends */
export function fieldTextEnd(text: string, start: number): number {
  let index = start
  while (TEXT[text.charCodeAt(index)] === 1) index += 1
  return index
}

function table(has: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (has(code) ? 1 : 0))
}
