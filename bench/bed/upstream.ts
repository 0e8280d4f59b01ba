import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { startSink } from './sink.ts'
import { runAsRoot } from './nginx.ts'
import type { Bed } from './bed.ts'

/** What there is to ask the app for. */
export const PATHS = {
  /** 1 KB of JSON. */
  json: '/item.json',
  /** 1 MB. */
  download: '/1mb',
  /** 2 GB, all zeros. */
  stream: '/2gb',
  /** Takes a body of any length and forgets it. */
  upload: '/upload',
} as const

/** How long the count of requests may take, in milliseconds. */
const COUNT_MS = 5_000

export const STREAM_BYTES = 2 * 1_024 ** 3

/** The app behind every proxy: nginx, which answers much faster than any of them. */
export interface Upstream {
  port: number
  origin: string
  /** How many requests it has had so far. */
  requests(): Promise<number>
}

/** Starts it on the cores that are not the proxy's. */
export async function startUpstream(
  bed: Pick<Bed, 'folder' | 'tools' | 'port' | 'start' | 'atEnd'>,
): Promise<Upstream> {
  const folder = join(bed.folder, 'upstream')
  const files = join(folder, 'files')
  await mkdir(files, { recursive: true })
  await writeFile(join(files, PATHS.json), sampleJson())
  await writeFile(join(files, PATHS.download), Buffer.alloc(1_024 ** 2, 'x'))
  // A hole in the disk: it takes no space and is read from nowhere.
  const hole = await open(join(files, PATHS.stream), 'w')
  await hole.truncate(STREAM_BYTES)
  await hole.close()
  const [port, countPort] = [await bed.port(), await bed.port()]
  const file = join(folder, 'nginx.conf')
  await writeFile(file, upstreamConfig(folder, port, countPort, await startSink(bed)))
  await bed.start({
    name: 'the upstream (nginx)',
    command: [bed.tools.nginx, '-p', folder, '-e', 'error.log', '-c', file],
    core: 'others',
    readyUrl: `http://127.0.0.1:${countPort}/`,
  })
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async requests() {
      const text = await (
        await fetch(`http://127.0.0.1:${countPort}/`, { signal: AbortSignal.timeout(COUNT_MS) })
      ).text()
      // Accepted, handled, requests (ngx_http_stub_status_module).
      return Number(/^\s*\d+ \d+ (\d+)\s*$/m.exec(text)?.[1] ?? NaN)
    },
  }
}

function upstreamConfig(folder: string, port: number, countPort: number, sinkPort: number): string {
  return `${runAsRoot()}daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  default_type application/json;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=16;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_max_body_size 0;
  upstream sink { server 127.0.0.1:${sinkPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${join(folder, 'files')};
    location = ${PATHS.upload} {
      proxy_pass http://sink;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering off;
    }
  }
  server { listen 127.0.0.1:${countPort}; location / { stub_status; } }
}
`
}

/** An answer as an API gives it, of 1,024 bytes. */
function sampleJson(): string {
  const item = { id: 4_711, title: 'Quarterly report', owner: 'alice', tags: ['finance', 'draft'], text: '' }
  return JSON.stringify({ ...item, text: 'lorem ipsum '.repeat(100).slice(0, 1_024 - JSON.stringify(item).length) })
}
