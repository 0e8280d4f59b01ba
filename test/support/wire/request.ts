/** A message's head in raw bytes. */
export function request(method: string, target: string, ...fields: string[]): string {
  return [`${method} ${target} HTTP/1.1`, ...fields, '', ''].join('\r\n')
}
