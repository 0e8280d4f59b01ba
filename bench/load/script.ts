/** What one load is made of. Every header is sent as it stands here. */
export interface LoadRequest {
  method: 'GET' | 'POST'
  /** Path and query. */
  path: string
  headers: Readonly<Record<string, string>>
  /** Of the body; 0 for none. */
  bodyBytes: number
  /** How long a connection rests between an answer and its next request, in the mean; left out for not at all. */
  pauseMs?: number
}

/** What differs from request to request; they are sent in turn. */
export interface Visitor {
  host: string
  /** The Cookie header's value; empty for none. */
  cookie: string
}

/** Marks the line in which the script tells its figures. */
export const FIGURES = 'figures '

/**
 * Writes a program for wrk: it sends the request as each of the visitors in turn, from the one whose
 * number is the script's argument, and tells at the end what it counted.
 * @param visitorsFile has a visitor in each line, see {@link visitorLines}
 * @param visitors how many they are; for a single one the request is made once, and wrk asks the script nothing
 */
export function loadScript(request: LoadRequest, visitorsFile: string, visitors: number): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `[${lua(name)}] = ${lua(value)}`)
  return `local requests, turn = {}, 0

local function headers_of(line)
  local headers = { ${headers.join(', ')} }
  local host, cookie = line:match('^(.-)\\t(.*)$')
  headers['Host'] = host
  if cookie ~= '' then headers['Cookie'] = cookie end
  return headers
end

wrk.method = ${lua(request.method)}
wrk.path = ${lua(request.path)}
${request.bodyBytes > 0 ? `wrk.body = string.rep('x', ${request.bodyBytes})` : ''}
${request.pauseMs === undefined ? '' : `function delay()\n  return math.random(1, ${2 * request.pauseMs - 1})\nend`}
for line in io.lines(${lua(visitorsFile)}) do
  wrk.headers = headers_of(line)
  ${visitors > 1 ? 'requests[#requests + 1] = wrk.format()' : ''}
end
${visitors > 1 ? 'function request()\n  turn = turn % #requests + 1\n  return requests[turn]\nend' : ''}

function init(arguments)
  turn = tonumber(arguments[1])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\n${FIGURES}{"requests":%d,"micros":%d,"failed":%d,"p50Micros":%d,"p99Micros":%d}\\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
`
}

/** A line for each visitor. @throws RangeError where a value cannot stand in a line */
export function visitorLines(visitors: readonly Visitor[]): string {
  return visitors
    .map(({ host, cookie }) => {
      if (/[\t\r\n]/.test(host + cookie)) throw new RangeError('a host or cookie has a control character in it')
      return `${host}\t${cookie}\n`
    })
    .join('')
}

/** A Lua string; JSON's escapes that Lua has not (`\u`) stand for characters that no header has. */
function lua(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new RangeError('only visible ASCII can be sent')
  return JSON.stringify(text)
}
