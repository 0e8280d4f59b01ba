import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Bed } from '../bed/index.ts'
import type { Contender } from './contender.ts'

/** HAProxy as a bare proxy. */
export async function startHaproxy(bed: Bed): Promise<Contender> {
  const port = await bed.port()
  const file = join(bed.folder, 'haproxy.cfg')
  await writeFile(file, config(port, bed.upstream.port))
  const { pid } = await bed.start({
    name: 'HAProxy',
    command: [bed.tools.haproxy, '-db', '-f', file],
    core: 'proxy',
    readyUrl: `http://127.0.0.1:${port}/`,
  })
  return {
    name: 'HAProxy',
    pid,
    origin: `http://127.0.0.1:${port}`,
    visitor: { host: 'haproxy.gw.localhost', cookie: '' },
  }
}

/** Its log of requests goes to its output, which is a file. */
function config(port: number, upstreamPort: number): string {
  return `global
  nbthread 1
  maxconn 4096
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 300s
  timeout server 300s
frontend public
  bind 127.0.0.1:${port}
  default_backend app
backend app
  server app 127.0.0.1:${upstreamPort}
`
}
