import { type Bed, PATHS } from '../bed/index.ts'
import type { Contender } from '../contenders/index.ts'
import { type LoadRequest, prepareLoad } from '../load/index.ts'
import { AT_ONE_RATE, type Row } from '../report/index.ts'
import { compare, type Rounds, type Subject } from './sample.ts'

/** What a browser sends beside its cookie. */
export const BROWSER_HEADERS = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'application/json, text/plain, */*',
  'Accept-Language': 'en-US,en;q=0.5',
  'Accept-Encoding': 'identity',
} as const

const GET: LoadRequest = { method: 'GET', path: PATHS.json, headers: BROWSER_HEADERS, bodyBytes: 0 }
const UPLOAD_BYTES = 100 * 1_024

/** 1 KB of JSON through every contender. */
export async function compareSmallAnswers(bed: Bed, contenders: readonly Contender[], rounds: Rounds): Promise<Row[]> {
  return compare(bed, await subjectsOf(bed, contenders, GET, ''), rounds)
}

/** Leaves each of them more than half of its time, so that nobody waits for those before them in the first place. */
const PAUSE_MS = 12

/**
 * 1 KB of JSON at one rate through those who can: connections rest between an answer and the next request. How long people wait
 * for a proxy that is not at its limit is told by this, and not by a proxy that is sent as much as it can take.
 */
export async function compareAtOneRate(bed: Bed, contenders: readonly Contender[], rounds: Rounds): Promise<Row[]> {
  const able = contenders.filter(({ name }) => name !== 'mod_auth_openidc' && name !== 'oauth2-proxy')
  return compare(bed, await subjectsOf(bed, able, { ...GET, pauseMs: PAUSE_MS }, AT_ONE_RATE), rounds)
}

/** 1 MB answers through every contender. */
export async function compareDownloads(bed: Bed, contenders: readonly Contender[], rounds: Rounds): Promise<Row[]> {
  const request: LoadRequest = { ...GET, path: PATHS.download }
  return compare(bed, await subjectsOf(bed, contenders, request, ', 1 MB downloads'), rounds)
}

/** Bodies of 100 KB through every contender. */
export async function compareUploads(bed: Bed, contenders: readonly Contender[], rounds: Rounds): Promise<Row[]> {
  const headers = { ...BROWSER_HEADERS, 'Content-Type': 'application/octet-stream' }
  const request: LoadRequest = { method: 'POST', path: PATHS.upload, headers, bodyBytes: UPLOAD_BYTES }
  return compare(bed, await subjectsOf(bed, contenders, request, ', 100 KB uploads'), rounds)
}

function subjectsOf(
  bed: Bed,
  contenders: readonly Contender[],
  request: LoadRequest,
  suffix: string,
): Promise<Subject[]> {
  return Promise.all(
    contenders.map(async ({ name, pid, origin, visitor }) => {
      // Without an Origin of its own site a form or call that changes something is refused.
      const headers =
        request.method === 'POST' ? { ...request.headers, Origin: `http://${visitor.host}` } : request.headers
      const load = await prepareLoad({
        wrk: bed.tools.wrk,
        origin,
        request: { ...request, headers },
        visitors: [visitor],
        folder: bed.folder,
        signal: bed.signal,
      })
      return { name: `${name}${suffix}`, pid, load }
    }),
  )
}
