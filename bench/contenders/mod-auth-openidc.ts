import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'

import { type Bed, PATHS } from '../bed/index.ts'
import { findTool } from '../process/index.ts'
import type { Absent, Contender } from './contender.ts'
import { signIn } from './sign-in.ts'

const NAME = 'mod_auth_openidc'

/** Where Debian has Apache's modules. */
const MODULES = '/usr/lib/apache2/modules'

const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'proxy', 'proxy_http', 'auth_openidc']

/** Apache with mod_auth_openidc, its session in the client's cookie, as the provider's person in the group that may pass. */
export async function startModAuthOpenidc(bed: Bed): Promise<Contender | Absent> {
  const apache = findTool('apache2')
  if (apache === undefined || !existsSync(join(MODULES, 'mod_auth_openidc.so'))) {
    return { name: NAME, reason: 'not installed: apt-get install apache2 libapache2-mod-auth-openidc' }
  }
  const folder = join(bed.folder, 'apache')
  await mkdir(folder)
  const port = await bed.port()
  const host = `apache.gw.localhost:${port}`
  const file = join(folder, 'apache.conf')
  await writeFile(file, config(folder, host, port, bed), { mode: 0o600 })
  const { pid } = await bed.start({
    name: 'Apache',
    command: [apache, '-f', file, '-DFOREGROUND'],
    core: 'proxy',
    readyUrl: `http://127.0.0.1:${port}/`,
  })
  const person = await signIn(`http://${host}${PATHS.json}`, 'nothing')
  const cookie = await person.cookieFor(`http://${host}${PATHS.json}`)
  return { name: NAME, pid, origin: `http://127.0.0.1:${port}`, visitor: { host, cookie } }
}

/** One process with as many threads as there are connections at most; `client-cookie` needs no cache to be asked. */
function config(folder: string, host: string, port: number, { provider, upstream }: Bed): string {
  return `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ServerName ${host}
Listen 127.0.0.1:${port}
ListenBacklog 4096
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
${getuid?.() === 0 ? 'User nobody\nGroup nogroup' : ''}
StartServers 1
ServerLimit 1
ThreadLimit 128
ThreadsPerChild 128
MinSpareThreads 1
MaxSpareThreads 128
MaxRequestWorkers 128
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 300
Timeout 300
ErrorLog ${folder}/error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog ${folder}/access.log combined
OIDCProviderMetadataURL ${provider.issuer}/.well-known/openid-configuration
OIDCClientID apache-client
OIDCClientSecret ${provider.behaviour.clientSecrets[0] ?? ''}
OIDCRedirectURI http://${host}/oidc/callback
OIDCCryptoPassphrase ${randomBytes(24).toString('base64url')}
OIDCScope "openid profile email groups"
OIDCSessionType client-cookie
OIDCSessionInactivityTimeout 3600
<Location />
  AuthType openid-connect
  Require claim groups:staff
  ProxyPass ${upstream.origin}/ max=128 keepalive=On
</Location>
`
}
