import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { ProviderError } from '../errors.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 30_000

/** Numbers by which files belong to somebody. */
export interface Account {
  uid: number
  gid: number
}

/**
 * Finds the account that a service runs as, and makes a system account without a shell and a home where there is none. It
 * stays when the service goes: files elsewhere may be its own, and its number must not come to be somebody else's.
 * @throws ProviderError `user_unfit` where it is root by another name, or cannot be made
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd-sysusers.html
 */
export async function ensureUser(user: string): Promise<Account> {
  const found = await find(user)
  if (found) return requireUnprivileged(user, found)
  try {
    await run('systemd-sysusers', ['--inline', `u ${user} - "Gatewright" - -`], { timeout: TIMEOUT_MS })
  } catch (cause) {
    const text = `The user ${user} could not be made (systemd-sysusers): ${String(cause)}`
    throw new ProviderError('user_unfit', text, { cause })
  }
  const made = await find(user)
  if (made) return requireUnprivileged(user, made)
  throw new ProviderError('user_unfit', `The user ${user} was made by systemd-sysusers, and is not to be found`)
}

/** Asked of the system, since accounts need not stand in /etc/passwd. */
async function find(user: string): Promise<Account | undefined> {
  const { stdout } = await run('getent', ['passwd', user], { timeout: TIMEOUT_MS }).catch(
    (error: { code?: unknown }) => {
      // getent(1): one or more of the keys could not be found.
      if (error.code === 2) return { stdout: '' }
      throw new ProviderError('user_unfit', `The user ${user} could not be looked up`, { cause: error })
    },
  )
  const [, , uid, gid] = stdout.trim().split(':')
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

function requireUnprivileged(user: string, account: Account): Account {
  if (account.uid !== 0 && account.gid !== 0) return account
  throw new ProviderError('user_unfit', `${user} is root, or of root's group: name an account that may do nothing else`)
}
