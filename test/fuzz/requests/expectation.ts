import {
  type Arrival,
  type Field,
  folded,
  type Message,
  readRequests,
  SPOOFED,
  valuesOf,
} from '../../support/wire/index.ts'

/** What the names in a request stand for. */
export interface Scene {
  docs: string
  hello: string
  /** `name=value` of the session's cookie. */
  session: string
  upstreamHost: string
}

/** A request that may reach the upstream, once. */
export interface Passage {
  method: string
  target: string
  route: 'docs' | 'hello'
  message: Message
}

/**
 * What may reach the upstream of what was sent on one connection, by a judge that is as simple as it can be: up to the
 * first request that is not beyond doubt.
 */
export function passagesOf(bytes: string, scene: Scene): Passage[] {
  const passages: Passage[] = []
  for (const message of readRequests(bytes).messages) {
    const [method = '', target = ''] = message.start.split(/ +/)
    const hosts = valuesOf(message, 'host').map((host) => host.toLowerCase().replace(/\.(?=:|$)/, ''))
    const path = canonical(target)
    const [host = ''] = hosts
    // What comes after a request that nobody should have sent is no request.
    if (hosts.length !== 1 || !/^[a-z0-9._-]+(?::\d+)?$/.test(host)) return passages
    const route = host === scene.docs ? 'docs' : host === scene.hello ? 'hello' : undefined
    if (route && path === undefined) return passages
    const mayOpen = route === 'docs' || (/^\/(?:open|\?|$)/.test(path ?? '') && hasSession(message, scene))
    if (route && path !== undefined && mayOpen) passages.push({ method, target: path, route, message })
    const last = valuesOf(message, 'connection').some((value) => /\bclose\b/i.test(value))
    if (last || (message.start.endsWith('1.0') && valuesOf(message, 'connection').length === 0)) return passages
  }
  return passages
}

function hasSession(message: Message, { session }: Scene): boolean {
  return valuesOf(message, 'cookie').some((value) => value.split(';').some((pair) => pair.trim() === session))
}

const isControl = (character: string): boolean => character < ' ' || character === '\x7f'

/** The one spelling of a target; undefined where any reader might see another path in it. */
function canonical(target: string): string | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(target) || /[#]/.test(target)) return undefined
  const mark = target.includes('?') ? target.indexOf('?') : target.length
  let decoded = target.slice(0, mark)
  if (/%(?![0-9a-f]{2})/i.test(decoded)) return undefined
  // As often as a chain of readers might decode it.
  for (let reader = 0; reader < 4; reader += 1) {
    const bytes = decoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    if (bytes.split('').some(isControl) || /\\|\/\/|\/\.{1,2}(?=[/; ]|$)/.test(bytes)) return undefined
    if (reader === 0 && /%2f|%2e/i.test(decoded)) return undefined
    decoded = bytes
  }
  const path = target.slice(0, mark).replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[A-Za-z0-9~_-]/.test(character) ? character : escape.toUpperCase()
  })
  return path + target.slice(mark)
}

const NEVER = new Set([
  ...SPOOFED.map(folded),
  'connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'host',
  'http2-settings',
])
const NEVER_FAMILIES =
  /^(?:x-gatewright-|x-pomerium-|x-forwarded-|x-auth-request-|cf-access-|x-goog-iap-|x-ms-client-principal|oidc-|x-original-)/
/** Decide about a request, and come too late in trailers. */
const NEVER_TRAILERS = new Set(['cookie', 'authorization', 'content-length', 'content-type', 'origin', 'host'])

function mayPass(name: string): boolean {
  return !NEVER.has(folded(name)) && !NEVER_FAMILIES.test(folded(name))
}

/** @returns what is wrong with a request that arrived, held against the one that was sent; nothing when it is as it should be */
export function differences({ message: seen }: Arrival, { message: sent, route }: Passage, scene: Scene): string[] {
  const named = new Set(
    valuesOf(sent, 'connection').flatMap((value) =>
      value
        .toLowerCase()
        .split(',')
        .map((name) => name.trim()),
    ),
  )
  const left = [...sent.fields]
  const wrong: string[] = []
  for (const [name, value] of seen.fields) {
    if (isOurs([name, value], { sent, seen, route, scene })) continue
    const at = left.findIndex(
      ([each, text]) => each === name && (text === value || isRestOfCookies([name, value], text)),
    )
    if (at < 0) wrong.push(`the client did not send ${name}: ${value}`)
    else left.splice(at, 1)
    if (!mayPass(name) || named.has(name.toLowerCase())) wrong.push(`${name}: ${value} must not pass`)
  }
  for (const [name, value] of seen.trailers) {
    const wasSent = sent.trailers.some(([each, text]) => each === name && text === value)
    if (!wasSent || !mayPass(name) || NEVER_TRAILERS.has(folded(name)))
      wrong.push(`trailer ${name}: ${value} must not pass`)
  }
  if (seen.complete ? seen.body !== sent.body || !sent.complete : !sent.body.startsWith(seen.body))
    wrong.push('another content')
  if (route === 'hello' && valuesOf(seen, 'x-gatewright-assertion').length !== 1) wrong.push('no assertion')
  if (hasSession(seen, scene)) wrong.push('the session’s cookie')
  return wrong
}

interface Side {
  sent: Message
  seen: Message
  route: 'docs' | 'hello'
  scene: Scene
}

/** Whether a field is one that the gateway writes itself, with the value that it must have. */
function isOurs([name, value]: Field, { sent, seen, route, scene }: Side): boolean {
  switch (name.toLowerCase()) {
    case 'host':
      return value === scene.upstreamHost
    case 'x-forwarded-for':
      return value === '127.0.0.1'
    case 'x-forwarded-proto':
      return value === 'http'
    case 'x-forwarded-host':
      return value === scene[route]
    case 'x-request-id':
      return /^[0-9a-f-]{36}$/.test(value)
    case 'x-gatewright-assertion':
      return route === 'hello' && /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(value)
    case 'connection':
      return value === 'close' || value === 'keep-alive'
    case 'content-length':
      return !seen.complete || Number(value) === seen.body.length
    case 'transfer-encoding':
      return value === 'chunked'
    case 'te':
      return value === 'trailers' && valuesOf(sent, 'te').some((each) => each.includes('trailers'))
    case 'trailer':
      return valuesOf(sent, 'trailer').join(', ') === value
    default:
      return false
  }
}

function isRestOfCookies([name, value]: Field, text: string): boolean {
  if (name.toLowerCase() !== 'cookie') return false
  const pairs = text.split(';').filter((pair) => !/^[\s=]*__Host-gatewright/.test(pair))
  return pairs.join(';').trim() === value
}
