import type { ClientRequest, ClientResponse } from '../proxy/index.ts'
import { hasBody } from '../wire/index.ts'

/** How much of a body is kept, how much is read only so that its sender gets to see the answer, and how long that may take. */
export interface BodyBounds {
  keepBytes: number
  readBytes: number
  withinMs: number
}

/** A body, or why there is none: larger than what is kept, slower than is waited for, or cut off. */
export type ReadBody = Buffer | 'too_large' | 'too_slow' | 'cut_off'

/**
 * Reads the body of a request that nothing has read yet. Browsers look at an answer when all of their form is sent, and not
 * at all when the connection ends before: so what is too large is read on for a while, and forgotten.
 * @param response gets `100 Continue` where the client waits for that
 */
export async function readBody(
  request: ClientRequest,
  response: ClientResponse,
  { keepBytes, readBytes, withinMs }: BodyBounds,
): Promise<ReadBody> {
  if (!hasBody(request)) return Buffer.alloc(0)
  if (/(?:^|\W)100-continue(?:$|\W)/i.test(request.headers.expect ?? '')) {
    // Whoever waits to be asked for it is told the answer without having sent it.
    if (Number(request.headers['content-length'] ?? 0) > keepBytes) return 'too_large'
    response.writeContinue()
  }
  const chunks: Buffer[] = []
  let received = 0
  return new Promise((resolve) => {
    const settle = (outcome: ReadBody): void => {
      clearTimeout(deadline)
      request.off('data', take).off('end', end).off('close', cut).off('error', cut)
      // What is left is the server's to drain, or to cut off.
      request.pause()
      resolve(outcome)
    }
    const take = (chunk: Buffer): void => {
      received += chunk.length
      if (received <= keepBytes) chunks.push(chunk)
      else chunks.length = 0
      if (received > readBytes) settle('too_large')
    }
    const end = (): void => settle(received > keepBytes ? 'too_large' : Buffer.concat(chunks))
    const cut = (): void => settle('cut_off')
    const deadline = setTimeout(() => settle(received > keepBytes ? 'too_large' : 'too_slow'), withinMs)
    // Whose client left before anybody listened has nothing more to say.
    if (request.destroyed) return cut()
    request.on('data', take).on('end', end).on('close', cut).on('error', cut)
    return undefined
  })
}
