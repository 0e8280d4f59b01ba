import { Refusal } from '../refusal.ts'

/** In bytes; an ID token with a thousand groups fits. */
const MAX_BYTES = 64 * 1024
const TIMEOUT_MS = 10_000

/**
 * Reads the form that a request's body holds, counting while it comes in.
 * @param maxBytes @default 64 KiB
 * @throws Refusal `request_malformed` when it is no form, larger than that, not there in ten seconds, or has a field twice,
 *   which two readers could read differently (RFC 6749 §3.1)
 */
export async function readPostedForm(request: Request, maxBytes = MAX_BYTES): Promise<URLSearchParams> {
  if (!isForm(request)) throw malformed('is of another type')
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw malformed('is too large')
  const form = new URLSearchParams(await readBody(request, maxBytes))
  if (new Set(form.keys()).size !== form.size) throw malformed('has a field twice')
  return form
}

/** Says whether a body is called a form (URL Standard §5). */
export function isForm(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/x-www-form-urlencoded'
}

async function readBody({ body }: Request, maxBytes: number): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const tooSlow = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(malformed('takes too long')), { once: true })
  })
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const next = reader.read().catch((cause: unknown) => {
      throw new Refusal('request_malformed', 'a form was cut off', { cause })
    })
    const { done, value } = await Promise.race([next, tooSlow])
    if (done) return Buffer.concat(chunks).toString('utf8')
    size += value.byteLength
    if (size > maxBytes) throw malformed('is too large')
    chunks.push(value)
  }
}

function malformed(reason: string): Refusal {
  return new Refusal('request_malformed', `a form ${reason}`)
}
