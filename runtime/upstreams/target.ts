/** Says whether a text can be sent as a request's target: visible ASCII, since a space or a line end would make two of it. */
export function isTarget(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}
