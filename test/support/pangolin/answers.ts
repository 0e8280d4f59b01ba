import * as z from 'zod'

import type { Answered, Asked } from '../idp/server.ts'

/** What went well, as Pangolin wraps it. */
export function succeed(data: unknown, message: string, status = 200): Answered {
  return { status, body: { data, success: true, error: false, message, status } }
}

/** What went wrong, in production: without a stack. */
export function fail(status: number, message: string): Answered {
  return { status, body: { data: null, success: false, error: true, message, status, stack: null } }
}

/** Holds a body of JSON against a schema; what does not fit is answered in the words of its validator. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  { body, headers }: Asked,
): { data: z.output<Schema> } | { refused: Answered } {
  const isJson = headers['content-type']?.startsWith('application/json')
  const parsed = schema.safeParse(isJson && body !== '' ? JSON.parse(body) : {})
  if (parsed.success) return { data: parsed.data }
  const words = parsed.error.issues.map(({ message, path }) =>
    path.length === 0 ? message : `${message} at "${path.join('.')}"`,
  )
  return { refused: fail(400, `Validation error: ${words.join('; ')}`) }
}
