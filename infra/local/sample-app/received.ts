/** A header as it may be shown: everything is said, nothing on the page can be used to become somebody. */
export interface ReceivedHeader {
  name: string
  value: string
}

const JWT = /^([\w-]+\.[\w-]*)\.[\w-]*$/

/**
 * Lists the headers of a request for showing: a JWT without its signature, cookies by name only, no credentials.
 * @param rawHeaders names and values in turn, as `IncomingMessage.rawHeaders` gives them
 */
export function describeHeaders(rawHeaders: readonly string[]): ReceivedHeader[] {
  const headers: ReceivedHeader[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    headers.push({ name, value: describeValue(name.toLowerCase(), rawHeaders[index + 1] ?? '') })
  }
  return headers.toSorted((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase(), 'en'))
}

function describeValue(name: string, value: string): string {
  if (name === 'authorization' || name === 'proxy-authorization') return '(not shown)'
  if (name === 'cookie') {
    return value
      .split(';')
      .map((pair) => `${pair.split('=', 1)[0]?.trim() ?? ''}=…`)
      .join('; ')
  }
  const unsigned = JWT.exec(value)?.[1]
  return unsigned === undefined ? value : `${unsigned}.(signature not shown)`
}
