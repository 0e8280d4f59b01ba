import type { Readable, Writable } from 'node:stream'

/** Written to send a header block ahead of its content, in the encoding that keeps its bytes (`flushHeaders` does not). */
export const NOTHING = Buffer.alloc(0)

/**
 * Copies a stream and holds its source back while the sink is full. Errors and closes are the caller's: what they mean
 * differs by side, which is why this is not `stream.pipeline`.
 * @param source paused until now, so that nothing of it is lost
 * @param sink not ended by this
 * @param ended called after the last chunk was written
 */
export function pump(source: Readable, sink: Writable, ended: () => void): void {
  source.on('data', (chunk: Buffer) => {
    if (!sink.write(chunk)) source.pause()
  })
  sink.on('drain', () => source.resume())
  source.on('end', ended)
}
