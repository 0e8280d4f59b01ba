import { wireRefusal, type WireCode, type WireRefusal } from './refusal.ts'

/** The one spelling of a request target: what rules are matched against is what the upstream gets. */
export interface CanonicalTarget {
  path: string
  /** With its `?`, byte for byte as it came; empty where there is none. */
  query: string
}

export interface TargetOptions {
  /** `%2F` and `//` inside the path are passed on as they are instead of being refused. */
  allowEncodedSlash: boolean
}

/** A path of this shape is canonical already; nearly every request ends here. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_~!$&'()*+,=:@-]+(?:\.[A-Za-z0-9_~!$&'()*+,=:@-]+)*)+\/?$/

const VISIBLE_ASCII = /^[\x21-\x7e]*$/
const ESCAPE = /%[0-9A-Fa-f]{2}/g
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/
const UNRESERVED = /^[A-Za-z0-9_~-]$/
/** `..;x` too: servlet containers cut parameters off before they resolve dots; and Windows drops trailing spaces. */
const DOT_SEGMENT = /^\.{1,2}(?:%20)*(?:;|%3B|$)/i

/** In this order: the first that is found names the refusal. `%25…` stands for an upstream that decodes twice. */
const NEVER_IN_PATH: readonly (readonly [RegExp, WireCode])[] = [
  [BROKEN_ESCAPE, 'path_escape_invalid'],
  [/\\|%(?:25)*5C/i, 'path_backslash'],
  [/%(?:25)*(?:[01][0-9A-F]|7F)/i, 'path_control'],
  [/%(?:25)*2E/i, 'path_encoded_dot'],
]

/**
 * Brings a request target into its one spelling or refuses it; nothing is ever resolved or guessed. Escapes of unreserved
 * characters are decoded, other escapes keep upper-case digits, the query is opaque. Applying it again changes nothing.
 * @param target the request line's target
 * @param options what the route allows
 * @see RFC 3986 §6.2.2, RFC 9112 §3.2.1
 */
export function canonicalTarget(target: string, options: TargetOptions): CanonicalTarget | WireRefusal {
  if (!target.startsWith('/')) return wireRefusal('target_not_origin_form')
  if (!VISIBLE_ASCII.test(target) || target.includes('#')) return wireRefusal('target_character')
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = mark === -1 ? '' : target.slice(mark)
  if (path === '/' || PLAIN_PATH.test(path)) return { path, query }
  const code = pathProblem(path, options)
  return code === undefined ? { path: path.replace(ESCAPE, normalEscape), query } : wireRefusal(code)
}

function pathProblem(path: string, options: TargetOptions): WireCode | undefined {
  const never = NEVER_IN_PATH.find(([pattern]) => pattern.test(path))
  if (never) return never[1]
  if (!isUtf8(path)) return 'path_escape_invalid'
  if (path.split(/\/|%(?:25)*2F/i).some((segment) => DOT_SEGMENT.test(segment))) return 'path_dot_segment'
  // Two slashes in front would make the rest an authority to whoever resolves it as a reference (RFC 3986 §4.2).
  if (path.startsWith('//')) return 'path_double_slash'
  if (options.allowEncodedSlash) return undefined
  if (/%(?:25)*2F/i.test(path)) return 'path_encoded_slash'
  return path.includes('//') ? 'path_double_slash' : undefined
}

/** Overlong forms such as `%C0%AE` are not UTF-8: a lenient decoder would see a dot in them. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function normalEscape(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return UNRESERVED.test(character) ? character : escape.toUpperCase()
}
