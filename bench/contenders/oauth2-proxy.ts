import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Failure } from '../../bin/command/index.ts'
import { type Bed, PATHS } from '../bed/index.ts'
import { findTool } from '../process/index.ts'
import type { Absent, Contender } from './contender.ts'
import { signIn } from './sign-in.ts'

const NAME = 'oauth2-proxy'

/** oauth2-proxy with its session in the client's cookie, where it is on the PATH and can reach a provider on this machine. */
export async function startOauth2Proxy(bed: Bed): Promise<Contender | Absent> {
  const program = findTool(NAME)
  if (program === undefined) return { name: NAME, reason: 'not on the PATH' }
  try {
    return await startSignedIn(bed, program)
  } catch (error) {
    bed.signal.throwIfAborted()
    // It asks the system's resolver for the provider, and not every one knows names below localhost (RFC 6761 §6.3).
    if (error instanceof Failure) return { name: NAME, reason: error.message }
    throw error
  }
}

async function startSignedIn(bed: Bed, program: string): Promise<Contender> {
  const port = await bed.port()
  const host = `oauth2-proxy.gw.localhost:${port}`
  const file = join(bed.folder, 'oauth2-proxy.cfg')
  await writeFile(file, config(host, port, bed), { mode: 0o600 })
  const { pid } = await bed.start({
    name: NAME,
    command: [program, '--config', file],
    core: 'proxy',
    readyUrl: `http://127.0.0.1:${port}/ping`,
  })
  const person = await signIn(`http://${host}${PATHS.json}`, 'nothing')
  const cookie = await person.cookieFor(`http://${host}${PATHS.json}`)
  return { name: NAME, pid, origin: `http://127.0.0.1:${port}`, visitor: { host, cookie } }
}

/** Its options as TOML; it logs every request to its output, as it does by default. */
function config(host: string, port: number, { provider, upstream }: Bed): string {
  const options = {
    http_address: `127.0.0.1:${port}`,
    upstreams: [`${upstream.origin}/`],
    provider: 'oidc',
    oidc_issuer_url: provider.issuer,
    client_id: 'oauth2-proxy-client',
    client_secret: provider.behaviour.clientSecrets[0] ?? '',
    cookie_secret: randomBytes(16).toString('hex'),
    cookie_secure: false,
    email_domains: ['*'],
    allowed_groups: ['staff'],
    redirect_url: `http://${host}/oauth2/callback`,
    scope: 'openid profile email groups',
    skip_provider_button: true,
  }
  return Object.entries(options)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join('')
}
