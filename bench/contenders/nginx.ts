import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { type Bed, runAsRoot } from '../bed/index.ts'
import type { Contender } from './contender.ts'

/** nginx as a bare proxy: what passing a request on costs when nobody asks who sent it. */
export async function startNginx(bed: Bed): Promise<Contender> {
  const folder = join(bed.folder, 'nginx')
  await mkdir(folder)
  const port = await bed.port()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config(port, bed.upstream.port))
  const { pid } = await bed.start({
    name: 'nginx',
    command: [bed.tools.nginx, '-p', folder, '-e', 'error.log', '-c', file],
    core: 'proxy',
    readyUrl: `http://127.0.0.1:${port}/`,
  })
  return { name: 'nginx', pid, origin: `http://127.0.0.1:${port}`, visitor: { host: 'nginx.gw.localhost', cookie: '' } }
}

/** Connections are kept on both sides, and nothing of a body goes to the disk. */
function config(port: number, upstreamPort: number): string {
  return `${runAsRoot()}daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 4096; }
http {
  access_log access.log combined;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_max_body_size 0;
  client_body_buffer_size 256k;
  upstream app { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_max_temp_file_size 0;
    }
  }
}
`
}
