import { EventEmitter } from 'node:events'

type Listener = (...values: never[]) => void

/** An emitter of known events whose methods can be called beside those of HTTP/2's: they have one signature each. */
export class Emitter<Name extends string> extends EventEmitter {
  override on(event: Name, listener: Listener): this {
    return super.on(event, listener as (...values: unknown[]) => void)
  }

  override once(event: Name, listener: Listener): this {
    return super.once(event, listener as (...values: unknown[]) => void)
  }

  override off(event: Name, listener: Listener): this {
    return super.off(event, listener as (...values: unknown[]) => void)
  }

  override removeAllListeners(event?: Name): this {
    return super.removeAllListeners(event)
  }
}
