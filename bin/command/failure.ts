export type FailureCode =
  | 'usage'
  | 'build_failed'
  | 'interrupted'
  | 'pulumi_cli_missing'
  | 'pulumi_cli_build_failed'
  | 'chromium_missing'
  | 'stack_file_missing'
  | 'stack_file_invalid'
  | 'stack_not_found'
  | 'stack_locked'
  | 'backend_failed'
  | 'not_confirmed'
  | 'passphrase_lost'
  | 'update_failed'
  | 'provider_unknown'
  | 'rotation_by_hand'
  | 'rotation_ambiguous'
  | 'git_failed'
  | 'left_elsewhere'
  | 'store_not_found'
  | 'store_elsewhere'
  | 'store_unfit'
  | 'store_unusable'
  | 'gateway_running'
  | 'gateway_not_ready'
  | 'bench_tool_missing'
  | 'bench_failed'

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
