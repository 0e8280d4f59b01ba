import { foldName, HOP_BY_HOP, isReserved, ROUND_THE_GATEWAY, TARGETED_CACHE_CONTROL } from '../header-names/index.ts'

/** What a request field is to the proxy. */
export type RequestFieldKind =
  'passed' | 'dropped' | 'cookie' | 'connection' | 'te' | 'trailer' | 'transfer-encoding' | 'content-length' | 'expect'

export interface RequestName {
  /** See `foldName`. */
  folded: string
  kind: RequestFieldKind
}

/** What a response field is to the proxy. */
export type ResponseFieldKind =
  | 'passed'
  | 'dropped'
  | 'set-cookie'
  | 'address'
  | 'cache-control'
  | 'targeted cache-control'
  | 'connection'
  | 'content-length'
  | 'trailer'

export interface ResponseName {
  lower: string
  kind: ResponseFieldKind
}

/** Messages use few names; what a hostile one makes up finds the cache full. */
const MAX_NAMES = 1_000

/** Reserved, and read before they are dropped. */
const READ: ReadonlySet<string> = new Set<RequestFieldKind>([
  'connection',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
  'expect',
])

/** Hold an address that the upstream may have built from its own host name. */
const ADDRESSES = new Set(['location', 'content-location'])

/** What a name in a request means, by the name as it was sent. */
export const requestName = remembered((name): RequestName => {
  const lower = name.toLowerCase()
  const kind = READ.has(lower) ? (lower as RequestFieldKind) : isReserved(name) ? 'dropped' : 'passed'
  return { folded: foldName(name), kind: lower === 'cookie' ? 'cookie' : kind }
})

/** What a name in an answer means, by the name as it was sent. */
export const responseName = remembered((name): ResponseName => {
  const lower = name.toLowerCase()
  return { lower, kind: responseKind(lower) }
})

function responseKind(lower: string): ResponseFieldKind {
  switch (lower) {
    case 'set-cookie':
    case 'cache-control':
    case 'connection':
    case 'content-length':
    case 'trailer':
      return lower
    default:
      if (ADDRESSES.has(lower)) return 'address'
      if (TARGETED_CACHE_CONTROL.has(lower)) return 'targeted cache-control'
      return HOP_BY_HOP.has(lower) || lower === ROUND_THE_GATEWAY ? 'dropped' : 'passed'
  }
}

function remembered<Meaning>(judge: (name: string) => Meaning): (name: string) => Meaning {
  const known = new Map<string, Meaning>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const meaning = judge(name)
    if (known.size < MAX_NAMES) known.set(name, meaning)
    return meaning
  }
}
