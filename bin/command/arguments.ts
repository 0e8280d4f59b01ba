import { parseArgs } from 'node:util'
import { Failure } from './failure.ts'

/** What a command was asked for. */
export interface StackArguments<Flag extends string> {
  stack: string
  /** Those that were given. */
  flags: ReadonlySet<Flag>
}

/**
 * Reads `[<stack>] [--flag…]`.
 * @param defaultStack where none is named
 * @param flags names, without dashes
 * @param usage shown with a mistake
 * @throws Failure `usage`
 */
export function parseStackArguments<Flag extends string>(
  args: readonly string[],
  defaultStack: string,
  flags: readonly Flag[],
  usage: string,
): StackArguments<Flag> {
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean', default: false } as const]))
  return withUsage(usage, () => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    if (positionals.length > 1) throw new TypeError(`One stack, not ${positionals.length}.`)
    return { stack: positionals[0] ?? defaultStack, flags: new Set(flags.filter((flag) => values[flag] === true)) }
  })
}

/**
 * Reads arguments; what `read` throws is shown with how the command is called.
 * @throws Failure `usage`
 */
export function withUsage<Arguments>(usage: string, read: () => Arguments): Arguments {
  try {
    return read()
  } catch (error) {
    const mistake = error instanceof Error ? error.message : String(error)
    throw new Failure('usage', `${mistake}\nUsage: ${usage}`, { cause: error })
  }
}
