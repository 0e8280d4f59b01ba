import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

interface Parts {
  method?: string
  url?: string
  headers?: Readonly<Record<string, string | readonly string[]>>
  added?: readonly (readonly [string, string])[]
}

/** A request as the parser hands it on. */
export function received({ method = 'GET', url = '/', headers = {}, added = [] }: Parts): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = method
  request.url = url
  const given = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const))
  const fields = [...given, ...added]
  request.rawHeaders = fields.flat()
  for (const [name, value] of fields) {
    const lower = name.toLowerCase()
    const before = request.headers[lower]
    request.headers[lower] = before === undefined ? value : `${String(before)}, ${value}`
  }
  return request
}
