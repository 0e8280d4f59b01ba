import { once } from 'node:events'
import { createServer } from 'node:net'

/** Listens on the ports named on the command line, and hands the sockets to who started this, which ends it by hanging up. */
for (const port of process.argv.slice(2).map(Number)) {
  const server = createServer({ allowHalfOpen: true }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  await new Promise<void>((resolve, reject) => {
    process.send?.({ port }, server, {}, (error) => (error === null ? resolve() : reject(error)))
  })
  // What stays open here would take connections, which nobody serves.
  server.close()
}
// Keeps the channel, and with it this process.
process.on('disconnect', () => undefined)
