/** A connection whose other side is gone may never say that it ended. */
const END_MS = 1_000

/** Waits for an orderly end, and not longer than a second: `end` is called, and goes on by itself. */
export async function endWithin(closable: { end(): Promise<void> }): Promise<void> {
  const tooLong = Promise.withResolvers<void>()
  const timer = setTimeout(() => tooLong.resolve(), END_MS)
  await Promise.race([closable.end(), tooLong.promise])
  clearTimeout(timer)
}
