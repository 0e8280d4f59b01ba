/** Larger than any answer of an identity provider, in bytes after decompression. */
const MAX_BODY_BYTES = 1024 * 1024

/** Statuses whose answers have no body (Fetch §2.2.3, "null body status"). */
const WITHOUT_BODY = new Set([101, 103, 204, 205, 304])

/**
 * Ends an answer's body when it grows above a MiB as it is read: a few compressed kilobytes can be a gigabyte.
 * @returns the answer with a body that fails with RangeError above that
 */
export function boundBody(response: Response): Response {
  const { status, statusText, headers, body } = response
  if (!body || WITHOUT_BODY.has(status)) return response
  let bytes = 0
  const bounded = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        if (bytes > MAX_BODY_BYTES) throw new RangeError('the answer is larger than a MiB')
        controller.enqueue(chunk)
      },
    }),
  )
  return new Response(bounded, { status, statusText, headers })
}
