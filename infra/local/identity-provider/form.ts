import type { IncomingMessage } from 'node:http'

/** More than any of our forms can need, in bytes. */
const FORM_BYTES = 8 * 1024

/**
 * Reads a submitted form.
 * @returns its fields, or a word for why it cannot be one of ours
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | 'not-a-form' | 'too-large'> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return 'not-a-form'
  if (Number(request.headers['content-length'] ?? 0) > FORM_BYTES) return 'too-large'
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > FORM_BYTES) return 'too-large'
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
