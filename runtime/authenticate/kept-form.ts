/** More fields than a person fills in; each becomes a part of a page. */
const MAX_FIELDS = 1_000

/** A field of a form: its name and value as the app will read them. */
export type FormField = readonly [name: string, value: string]

/**
 * Reads a form's body if a page of ours can send the very same body again. A browser that is shown the fields writes them
 * by the URL Standard's serializer (§5.2), and so what it does not write alike is not kept: other character encodings,
 * invalid UTF-8, a field without name (never sent: HTML §4.10.21.4), NUL (HTML's parser replaces it) and lone CR or LF
 * (form submission makes pairs of them).
 * @param body as it came, of type application/x-www-form-urlencoded
 * @returns nothing when it cannot be repeated exactly
 */
export function readRepeatableForm(body: string): FormField[] | undefined {
  const form = new URLSearchParams(body)
  const fields = [...form]
  if (fields.length > MAX_FIELDS || form.toString() !== body) return undefined
  return fields.every(([name, value]) => isRepeated(name, value) && survives(name) && survives(value))
    ? fields
    : undefined
}

/** A browser writes its encoding, here UTF-8, into a hidden field called `_charset_` (HTML Standard, form submission). */
function isRepeated(name: string, value: string): boolean {
  return name !== '' && (name.toLowerCase() !== '_charset_' || value === 'UTF-8')
}

function survives(text: string): boolean {
  return !text.includes('\0') && !/[\r\n]/.test(text.replaceAll('\r\n', ''))
}
