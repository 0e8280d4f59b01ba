import { connect, type Socket } from 'node:net'

/**
 * Connects a socket with an address, byte for byte: each side's end ends the other's writing, each side's fault is a reset
 * for the other.
 */
export function relay(from: Socket, to: { host: string; port: number }): void {
  const onward = connect({ ...to, allowHalfOpen: true, noDelay: true })
  from.setNoDelay(true)
  from.pipe(onward)
  onward.pipe(from)
  from.on('error', () => onward.resetAndDestroy())
  onward.on('error', () => from.resetAndDestroy())
  from.on('close', () => onward.destroySoon())
  onward.on('close', () => from.destroySoon())
}
