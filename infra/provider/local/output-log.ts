import { open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A log that has grown above this is put aside at the next start, in bytes. */
const MAX_LOG_BYTES = 8 * 1024 * 1024

/** How much of the end of a log is looked at, and how many lines of it are shown. */
const TAIL_BYTES = 64 * 1024
const TAIL_LINES = 15
const MAX_LINE = 500

/** Shorter values are words that stand in logs anyway. */
const MIN_SECRET_LENGTH = 6

/** Where a program writes to. */
export interface OutputLog {
  file: string
  /** Where the present run begins, in bytes. */
  offset: number
}

/** Finds the place where the next run will write, and keeps the log from growing for ever. */
export async function prepareOutputLog(folder: string): Promise<OutputLog> {
  const file = join(folder, 'output.log')
  const size = await sizeOf(file)
  if (size <= MAX_LOG_BYTES) return { file, offset: size }
  await rename(file, `${file}.1`)
  return { file, offset: 0 }
}

/**
 * The last lines that a run has written, without secrets.
 * @param secrets values that must not be shown
 */
export async function readTail({ file, offset }: OutputLog, secrets: readonly string[]): Promise<string> {
  const end = await sizeOf(file)
  const start = Math.max(offset, end - TAIL_BYTES)
  if (end <= start) return ''
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    const text = buffer.toString('utf8', 0, bytesRead)
    // The first line may be the rest of one, and a cut secret would not be recognised.
    const whole = start > offset ? text.slice(text.indexOf('\n') + 1) : text
    const lines = redact(whole, secrets).trimEnd().split('\n').slice(-TAIL_LINES)
    return lines.map((line) => line.slice(0, MAX_LINE)).join('\n')
  } finally {
    await handle.close()
  }
}

/** Takes secrets out of a text: whole, line by line, and as JSON writes them. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), ...secret.split(/\r?\n/)])
  return forms
    .filter((form) => form.length >= MIN_SECRET_LENGTH)
    .toSorted((left, right) => right.length - left.length)
    .reduce((rest, form) => rest.replaceAll(form, '[secret]'), text)
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
