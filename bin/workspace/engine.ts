import { CommandError, ConcurrentUpdateError, StackNotFoundError } from '@pulumi/pulumi/automation/index.js'
import { Failure, withSignals } from '../command/index.ts'

/** What an operation of the engine needs to speak to the person in front of it. */
export interface EngineStreams {
  onOutput: (text: string) => void
  onError: (text: string) => void
  color: 'always' | 'never'
  /** Dots that only say that it still works. */
  suppressProgress: true
  signal: AbortSignal
}

/**
 * Runs an operation of the engine with its output passed on as it comes. SIGTERM and SIGHUP let the engine finish what it
 * does and stop; a terminal's Ctrl-C reaches the engine by itself.
 * @param operation gets the options for `stack.up`, `stack.destroy` and the like
 * @throws Failure `stack_locked`, `update_failed`; the engine has said why by then
 */
export async function withEngine<T>(operation: (streams: EngineStreams) => Promise<T>): Promise<T> {
  const cancel = new AbortController()
  const streams: EngineStreams = {
    onOutput: (text) => process.stdout.write(text),
    onError: (text) => process.stderr.write(text),
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? 'always' : 'never',
    suppressProgress: true,
    signal: cancel.signal,
  }
  try {
    return await withSignals(
      () => cancel.abort(),
      () => operation(streams),
    )
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (error instanceof ConcurrentUpdateError) throw locked()
    const signal = /was killed with (SIG\w+)/.exec(error.message)?.[1]
    if (signal !== undefined) {
      throw new Failure('update_failed', `The engine was killed (${signal}) in the middle. Run the command again.`)
    }
    // Not kept as the cause: its message repeats all of the engine's output.
    throw new Failure('update_failed', 'The update did not succeed; the reasons stand above.')
  }
}

/**
 * Runs a command of the CLI that prints nothing by itself.
 * @param stack the stack that the command is about
 * @throws Failure `stack_not_found`, `stack_locked`, `backend_failed` with what the CLI said
 */
export async function withCli<T>(stack: string, command: () => Promise<T>): Promise<T> {
  try {
    return await command()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (error instanceof ConcurrentUpdateError) throw locked()
    if (error instanceof StackNotFoundError) {
      throw new Failure(
        'stack_not_found',
        `There is no stack "${stack}" in the backend of this terminal (\`pulumi whoami --verbose\` names it).\n` +
          `Log in to the right one with \`pulumi login\`, or make the stack: \`pulumi stack init ${stack}\`.`,
      )
    }
    throw new Failure('backend_failed', saidBy(error))
  }
}

function locked(): Failure {
  return new Failure(
    'stack_locked',
    'Another update of this stack is running. Wait for it; if its machine or terminal is gone for good: `pulumi cancel`.',
  )
}

/** The CLI's own words: from its line with `error:` on. */
function saidBy(error: CommandError): string {
  const said = /^error: [\s\S]*/m.exec(error.message)?.[0] ?? error.message
  return said.replace(/\n err\?: [\s\S]*$/, '').trimEnd()
}
