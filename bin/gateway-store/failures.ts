import { isStoreError } from '../../runtime/store/index.ts'
import { Failure } from '../command/index.ts'

/** What the file system says of a path, in words for whoever gave it. */
const SAID: Readonly<Record<string, (path: string) => string>> = {
  EEXIST: (path) => `${path} is there already: name another file.`,
  ENOENT: (path) => `${path} is not there.`,
  EACCES: (path) => `This user may not use ${path}: run it as the user of the gateway, or as root.`,
  EPERM: (path) => `This user may not use ${path}: run it as the user of the gateway, or as root.`,
  ENOSPC: (path) => `There is no room left for ${path}.`,
  EROFS: (path) => `${path} is on a file system that can only be read.`,
}

/**
 * Does something with stores; what keeps it from being done becomes a Failure.
 * @throws Failure `store_unfit` where a file is damaged, or of a newer version; `store_unusable` for everything outside of it
 */
export async function asFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isStoreError(cause)) {
      const isUnfit = cause.code === 'store_damaged' || cause.code === 'store_too_new'
      throw new Failure(isUnfit ? 'store_unfit' : 'store_unusable', cause.message, { cause })
    }
    const { code, path } = cause as NodeJS.ErrnoException
    const words = code === undefined ? undefined : SAID[code]
    if (words && path !== undefined) throw new Failure('store_unusable', words(path), { cause })
    throw cause
  }
}
