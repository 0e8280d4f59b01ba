import { createServer, type Server, type ServerResponse } from 'node:http'

import { answerReadiness, type Readiness } from '../program/index.ts'

/** What the admin listener tells. */
export interface AdminAnswers {
  readiness: () => Readiness
  /** Does not reject. */
  metrics: () => Promise<{ contentType: string; text: string }>
}

/** Liveness (`/healthz`), readiness (`/readyz`) and metrics (`/metrics`), on a port that strangers do not reach. */
export function createAdminServer(answers: AdminAnswers): Server {
  return createServer({ headersTimeout: 15_000, requestTimeout: 15_000 }, (request, response) => {
    switch (request.url?.split('?', 1)[0]) {
      case '/readyz':
        return answerReadiness(answers.readiness(), response)
      case '/healthz':
        return answerText(response, 200, 'alive\n')
      case '/metrics':
        void answers.metrics().then(({ contentType, text }) => answerText(response, 200, text, contentType))
        return undefined
      default:
        return answerText(response, 404, 'not found\n')
    }
  })
}

function answerText(response: ServerResponse, status: number, text: string, contentType = 'text/plain'): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' })
  response.end(text)
}
