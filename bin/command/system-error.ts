/**
 * The code of an error of the operating system.
 * @returns such as `ENOENT`; `undefined` when it is another kind of error
 */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
