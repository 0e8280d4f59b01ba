import * as z from 'zod'

/** The message of whatever was thrown as one line: zod's list of mistakes becomes `mistake → at path; mistake → at path`. */
export function oneLine(error: unknown): string {
  const text =
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error)
  return text.replace(/\n✖ /g, '; ').replace(/^✖ /, '').replace(/\s+/g, ' ').trim()
}
