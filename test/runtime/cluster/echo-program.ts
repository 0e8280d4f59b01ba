import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:http'

import { type CoreContext, runOnCores, runWorker } from '../../../runtime/cluster/index.ts'
import { runtimeConfigSchema } from '../../../runtime/config.ts'
import { type Program, runProgram } from '../../../runtime/program/index.ts'

/**
 * A program on several cores that says which process answered and by which release. A brand's name tells it how to take a
 * release: `refused` by all, `refused later` by all but the first worker, `fatal` ends the process.
 */
async function start({ log, metrics }: CoreContext): Promise<Program> {
  let generation = ''
  const server = createServer((request, response) => {
    const counted = metrics.route('echo')
    counted.begin()
    response.once('close', () => counted.done(request.method ?? '', response.statusCode, 3))
    if (request.url === '/crash') process.exit(9)
    if (request.url === '/log') log.info({ long: 'x'.repeat(20_000) }, 'A long line')
    const answer = (): void => void response.end(JSON.stringify({ pid: process.pid, generation }))
    // Held until the process is asked to stop.
    if (request.url === '/slow') process.once('SIGUSR2', answer)
    else answer()
  })
  return {
    async apply(release) {
      const config = runtimeConfigSchema.parse(release.config)
      const name = config.brands['default']?.name
      if (name === 'fatal') process.exit(8)
      if (name === 'refused' || (name === 'refused later' && cluster.worker?.id !== 1)) throw new Error(`it is ${name}`)
      generation = release.generation
      if (server.listening) return
      server.listen(config.listen.port, config.listen.host)
      await once(server, 'listening')
    },
    async drain() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      process.emit('SIGUSR2')
      await closed
    },
  }
}

if (cluster.isWorker) runWorker('echo', start)
else await runProgram('echo', (context) => runOnCores(context, start))
