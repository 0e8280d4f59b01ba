import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'

import { webSocketAccept } from '../../../runtime/proxy/websocket.ts'
import { type ServerProgram, startProgram } from '../../behaviour/contenders/program.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { freePorts } from '../../support/ports.ts'

export type FrontName = 'nginx' | 'caddy' | 'haproxy'

/** What the proxy in front shows the gateway. */
export const SECRET = 'c2VjcmV0LW9mLXRoZS1wcm94eS1pbi1mcm9udA'

/** A proxy as the documentation sets it up, an app behind it and the gateway beside. */
export interface Front {
  gateway: TestGateway
  /** Of the app, as people open it: the proxy's address. */
  origin: string
  port: number
  /** Requests that reached the app, oldest first. */
  reachedApp: IncomingMessage[]
  close(): Promise<void>
}

/**
 * @param options `secret` that the proxy shows, and where it looks for the `gateway`, where that is not right
 * @throws Error that names the Debian package when the proxy is not installed
 */
export async function startFront(name: FrontName, options: { secret?: string; gateway?: string } = {}): Promise<Front> {
  const [port = 0] = await freePorts(1)
  const origin = `http://hello.gw.localhost:${port}`
  let app = ''
  const gateway = await startTestGateway({
    config(config) {
      const { hello } = config.routes
      if (hello?.action.kind !== 'forward') throw new Error('the route hello has no app')
      app = new URL(hello.action.upstreams[0] ?? '').host
      config.forwardAuth = true
      config.trustedProxies = ['127.0.0.1/32']
      config.routes['hello'] = {
        ...hello,
        from: origin,
        action: { kind: 'forward_auth' },
        // Nobody from nowhere: the client's address comes from the proxy.
        access: { allow: '"staff" in user.groups && request.ip == "127.0.0.1" && request.path != "/denied"' },
        publicPaths: [{ path: { prefix: '/public' }, reason: 'documentation' }],
        identity: { ...hello.identity, headers: { 'X-WEBAUTH-USER': 'email' } },
      }
      // About another app behind some other proxy: this one must not be led to its rule.
      config.routes['open'] = {
        ...hello,
        from: origin.replace('hello', 'open'),
        action: { kind: 'forward_auth' },
        access: { public: 'for everybody' },
      }
    },
    secrets: { 'forward-auth-secret': SECRET },
    upgrade(request, socket) {
      const accept = webSocketAccept(request.headers['sec-websocket-key'] ?? '')
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
    },
  })
  const filled = (text: string): string =>
    text
      .replaceAll('10.0.0.2:8080', options.gateway ?? `127.0.0.1:${new URL(gateway.login).port}`)
      .replaceAll('10.0.0.5:3000', app)
      .replaceAll('server_name wiki.acme.com', 'server_name hello.gw.localhost')
      .replaceAll('wiki.acme.com', new URL(origin).host)
  const program = await startProgram({
    name,
    port,
    ...PROGRAMS[name]({ filled, port, secret: options.secret ?? SECRET }),
  }).catch(async (error: unknown) => {
    await gateway.close()
    throw error
  })
  return {
    gateway,
    origin,
    port,
    reachedApp: gateway.upstreamRequests,
    async close() {
      await program.close()
      await gateway.close()
    },
  }
}

/** What goes into the documented configuration. */
interface Filling {
  filled: (text: string) => string
  port: number
  secret: string
}

const PROGRAMS: Record<FrontName, (filling: Filling) => Omit<ServerProgram, 'name' | 'port'>> = {
  nginx: ({ filled, port, secret }) => ({
    configuration: `daemon off;
      master_process off;
      pid nginx.pid;
      error_log stderr crit;
      events {}
      http {
        access_log off;
        client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
        ${filled(block('nginx'))
          .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
          .replaceAll(/ssl_certificate.*;/g, '')
          .replaceAll('the secret', secret)}
      }`,
    args: (file, folder) => ['-c', file, '-p', folder, '-e', 'stderr'],
  }),
  caddy: ({ filled, secret }) => ({
    configuration: `{\nadmin off\nauto_https off\n}\nhttp://${filled(block('caddy'))}`,
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    env: (folder) => ({
      GATEWRIGHT_FORWARD_AUTH: secret,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      HOME: folder,
    }),
  }),
  haproxy: ({ filled, port, secret }) => ({
    configuration: filled(block('haproxy'))
      .replace('/etc/haproxy/gatewright.lua', 'gatewright.lua')
      .replace('bind :443 ssl crt /etc/haproxy/wiki.pem', `bind 127.0.0.1:${port}`),
    args(file, folder) {
      writeFileSync(join(folder, 'gatewright.lua'), filled(block('lua')))
      return ['-db', '-C', folder, '-f', file]
    },
    env: () => ({ GATEWRIGHT_FORWARD_AUTH: secret }),
  }),
}

/** A fenced block of the documentation. */
function block(language: string): string {
  const page = readFileSync('docs/forward-auth.md', 'utf8')
  const found = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1]
  if (found === undefined) throw new Error(`docs/forward-auth.md has no block of ${language}`)
  return found
}
