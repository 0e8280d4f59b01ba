export type FailureCode =
  | 'USAGE'
  | 'BUILD_FAILED'
  | 'INTERRUPTED'
  | 'PULUMI_CLI_MISSING'
  | 'PULUMI_CLI_BUILD_FAILED'
  | 'CHROMIUM_MISSING'
  | 'STACK_FILE_MISSING'
  | 'STACK_FILE_INVALID'
  | 'STACK_NOT_FOUND'
  | 'STACK_LOCKED'
  | 'BACKEND_FAILED'
  | 'NOT_CONFIRMED'
  | 'PASSPHRASE_LOST'
  | 'UPDATE_FAILED'
  | 'LEFT_ELSEWHERE'

/** What ends a command in a way that the person in front of it can do something about; shown without a stack trace. */
export class Failure extends Error {
  readonly code: FailureCode

  /**
   * @param code stable; callers and tests branch on it
   * @param message what happened, where, what to do; may have several lines
   */
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
  }
}
