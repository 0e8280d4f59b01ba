import { Failure } from './failure.ts'

/**
 * Runs a command's main function and turns how it ends into an exit code: what it returns, 1 for a Failure (shown by its
 * message alone), 1 with a stack trace for a mistake of ours.
 * @param main takes the command's arguments, gives the exit code; nothing means 0
 */
export async function runCommand(main: (args: string[]) => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0
  } catch (error) {
    if (error instanceof Failure) progress(`\n${error.message}`)
    else console.error(error)
    process.exitCode = 1
  }
}

/** Says what goes on, on stderr: stdout belongs to what a command was asked for. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}
