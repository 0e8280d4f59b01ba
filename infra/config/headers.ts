import * as z from 'zod'

/** RFC 9110 §5.6.2, `token`. */
export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'this is no name of a header')

/** RFC 9110 §5.5, without what only old software sends. */
export const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'write visible ASCII in one line')

/** What is changed about the fields of a message on its way. */
export const headerChanges = z.strictObject({
  set: z.record(headerName, headerValue).default({}),
  remove: z.array(headerName).default([]),
})
