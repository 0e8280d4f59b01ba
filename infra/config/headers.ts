import * as z from 'zod'

/** RFC 9110 §5.6.2, `token`. */
export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'this is no name of a header')

/** RFC 9110 §5.5, without what only old software sends. */
export const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'write visible ASCII in one line')

/** What is changed about the fields of a message on its way. */
export const headerChanges = z.strictObject({
  /** Field → value, in the place of what was there. */
  set: z.record(headerName, headerValue).default({}),
  /** Fields that are taken out. */
  remove: z.array(headerName).default([]),
})
