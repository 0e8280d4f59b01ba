import type { AuditEntry, Page } from '../../store/index.ts'
import type { Visit } from '../visit.ts'
import { auditFilterOf, readAuditQuery } from './filter.ts'

/** So many entries are in memory at a time. */
const AT_ONCE = 500

/**
 * The log as a file, by the same filter as the page: an entry in each line, as JSON, the latest first.
 * @see https://jsonlines.org
 */
export async function exportAudit(visit: Visit): Promise<Response> {
  const { context, request } = visit
  const filter = await auditFilterOf(visit, readAuditQuery(new URL(request.url).searchParams))
  const part = (after: string | undefined): Promise<Page<AuditEntry>> => context.store.listAudit(filter, AT_ONCE, after)
  return new Response(lines(part), {
    headers: {
      'content-type': 'application/jsonl',
      'content-disposition': 'attachment; filename="audit.jsonl"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  })
}

/** Asks for the next entries when the ones before have left. */
function lines(part: (after: string | undefined) => Promise<Page<AuditEntry>>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after: string | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        const { items, next } = await part(after)
        if (items.length > 0) controller.enqueue(encoder.encode(items.map(line).join('')))
        after = next
        if (next === undefined) controller.close()
      },
    },
    { highWaterMark: 1 },
  )
}

function line({ at, ...entry }: AuditEntry): string {
  return `${JSON.stringify({ at: new Date(at).toISOString(), ...entry })}\n`
}
