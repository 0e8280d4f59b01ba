// The app of one's own: it takes the gateway's word for who is there, and the gateway's signature for its word.
import { createServer, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'

const [gateway = '8410', port = '8413'] = process.argv.slice(2)
const issuer = `http://login.own-app.localhost:${gateway}`
const audience = `http://app.own-app.localhost:${gateway}`
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer), { [customFetch]: fromThisMachine })

createServer((request, response) => {
  void answer(request, response)
}).listen(Number(port), '127.0.0.1')

async function answer(request, response) {
  const assertion = String(request.headers['x-gatewright-assertion'])
  const who = await jwtVerify(assertion, keys, { issuer, audience, algorithms: ['ES256'] }).catch(() => undefined)
  response.writeHead(who ? 200 : 403, { 'content-type': 'text/plain' })
  response.end(who ? `Hello, ${who.payload.name}.\n` : 'Come in by the gateway.\n')
}

/** Not every system knows where names below localhost are; with a name of your own, leave this out. */
async function fromThisMachine(address) {
  const { host, port: at, pathname: path } = new URL(address)
  const { promise, resolve, reject } = Promise.withResolvers()
  const asked = get({ host: '127.0.0.1', port: at, path, headers: { host }, timeout: 5_000 }, resolve)
  asked.on('timeout', () => asked.destroy()).on('error', reject)
  return new Response(await text(await promise))
}
