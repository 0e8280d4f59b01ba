import type { ServerResponse } from 'node:http'

/** What a program says of itself: see docs/architecture.md, "A program and its folder". */
export interface Readiness {
  status: 'starting' | 'ready' | 'draining'
  /** The release in force. */
  generation: string
  /** The release that was offered last and not taken, and why, in one line. */
  refused?: { generation: string; error: string }
}

/** Answers the readiness URL: 200 while the program serves, 503 before and after. */
export function answerReadiness(readiness: Readiness, response: ServerResponse): void {
  response.writeHead(readiness.status === 'ready' ? 200 : 503, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(readiness))
}
