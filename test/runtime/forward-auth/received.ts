import { Socket } from 'node:net'

import { Http1Request, RequestFields } from '../../../runtime/http1/index.ts'

interface Parts {
  method?: string
  url?: string
  headers?: Readonly<Record<string, string | readonly string[]>>
  added?: readonly (readonly [string, string])[]
}

/** A request as the parser hands it on. */
export function received({ method = 'GET', url = '/', headers = {}, added = [] }: Parts): Http1Request {
  const given = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const))
  const said = { framing: 'none', length: 0, keepsConnection: true, expects: false } as const
  const fields = new RequestFields('', '1.1', [...given, ...added].flat(), said)
  const head = { method, target: url, version: '1.1', fields }
  return new Http1Request(head, { socket: new Socket(), resumeBody() {}, pauseBody() {}, breakOff() {} })
}
