import * as z from 'zod'

import type { PathMatch } from '../../runtime/config.ts'
import { pathMistake } from '../../runtime/routes/index.ts'

/** One path, as requests have it. */
export const path = z.string().superRefine((text, context) => report(context, [], { exact: text }))

const prefix = z.string().superRefine((text, context) => report(context, [], { prefix: text }))

const pattern = z.string().superRefine((text, context) => report(context, [], { pattern: text }))

/** Which paths are meant: at most one of them; everything below `/` where none is said. */
export const pathFields = {
  /** Of whole segments: `/api` has `/api/v1` and not `/apis`. */
  prefix: prefix.optional(),
  path: path.optional(),
  /** RE2, of the whole path. */
  pattern: pattern.optional(),
}

/** What of `pathFields` somebody wrote. */
export interface PathSettings {
  prefix?: string | undefined
  path?: string | undefined
  pattern?: string | undefined
}

/** @returns what the runtime is told */
export function pathMatch({ prefix: below = '/', path: exact, pattern: text }: PathSettings): PathMatch {
  if (exact !== undefined) return { exact }
  return text === undefined ? { prefix: below } : { pattern: text }
}

/** @returns how many ways of saying a path are used at once */
export function saidPaths({ prefix: below, path: exact, pattern: text }: PathSettings): number {
  return [below, exact, text].filter((value) => value !== undefined).length
}

function report(context: z.core.$RefinementCtx, at: string[], match: PathMatch): void {
  const [text] = Object.values(match) as [string]
  if (!('pattern' in match) && !text.startsWith('/')) {
    context.addIssue({ code: 'custom', path: at, message: 'write a path that begins with /' })
    return
  }
  const mistake = pathMistake(match)
  if (mistake !== undefined) context.addIssue({ code: 'custom', path: at, message: mistake })
}
