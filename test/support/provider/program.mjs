// A small program that keeps the contract of docs/architecture.md, "A program and its folder".
// config.json: { port, broken?: "refuse" (a release that is not valid) | "exit" | "deaf" (never ready), say?: text }
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const folder = process.argv[process.argv.indexOf('--folder') + 1]

function load() {
  const current = realpathSync(join(folder, 'current'))
  const config = JSON.parse(readFileSync(join(current, 'config.json'), 'utf8'))
  const generation = readFileSync(join(current, 'generation'), 'utf8').trim()
  const token = readFileSync(join(current, 'secrets', 'token'), 'utf8')
  return { config, generation, token }
}

let release = load()
let refused
console.log(`started with ${release.token}`)
if (release.config.say) console.log(release.config.say)
if (release.config.broken === 'exit') process.exit(1)

process.on('SIGHUP', () => {
  const next = load()
  if (next.config.broken === 'refuse') {
    refused = { generation: next.generation, error: `not valid: ${next.token}` }
    return
  }
  release = next
  refused = undefined
})

const server = createServer((request, response) => {
  if (request.url === '/environment') {
    response.end(JSON.stringify(process.env))
    return
  }
  const deaf = release.config.broken === 'deaf'
  response.writeHead(deaf ? 503 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ status: deaf ? 'starting' : 'ready', generation: release.generation, refused }))
})
server.listen(release.config.port, '127.0.0.1')
process.on('SIGTERM', () => {
  writeFileSync(join(folder, 'data', 'ended'), 'gracefully')
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
