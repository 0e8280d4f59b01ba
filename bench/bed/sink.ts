import { once } from 'node:events'
import { createServer } from 'node:http'

import type { Bed } from './bed.ts'

/**
 * Takes uploads to their end before it answers: nginx by itself answers at once, and a proxy need then not pass the body on.
 * @returns its port; it ends with the bed
 */
export async function startSink(bed: Pick<Bed, 'port' | 'atEnd'>): Promise<number> {
  const port = await bed.port()
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    request.once('end', () => response.end('taken\n')).resume()
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  bed.atEnd(async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  })
  return port
}
