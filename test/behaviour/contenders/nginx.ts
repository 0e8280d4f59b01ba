import { freePorts } from '../../support/ports.ts'
import type { Contender } from './contender.ts'
import { startProgram } from './program.ts'

/**
 * nginx as its documentation sets a reverse proxy up: HTTP/1.1 with kept connections to the upstream, WebSockets, and the
 * usual X-Forwarded headers.
 * @see https://nginx.org/en/docs/http/websocket.html, https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive
 */
export async function startNginx(upstream: string): Promise<Contender> {
  const [port = 0] = await freePorts(1)
  return startProgram({ name: 'nginx', configuration: configurationOf(port, upstream), args, port })
}

const args = (file: string, folder: string): string[] => ['-c', file, '-p', folder, '-e', 'stderr']

const configurationOf = (port: number, upstream: string): string => `
daemon off;
# One process: SIGKILL leaves none behind.
master_process off;
pid nginx.pid;
error_log stderr crit;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 0;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream app { server ${new URL(upstream).host}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }
}
`
