import { payloadOf } from '../release.ts'

/** How often a volume is looked at, in milliseconds: its node takes up to a minute to bring something new. */
const LOOK_MS = 1_000

/**
 * Watches a program's folder whose releases come in a volume of Kubernetes, where nobody sends a signal. By looking at one link:
 * notices of the file system do not reach into every sandbox.
 * @param seen the payload that was in the volume before the first release was read
 * @param onChange called for each other one, until the process ends
 */
export function watchMountedReleases(folder: string, seen: string, onChange: () => void): void {
  let last = seen
  let looking = false
  const look = async (): Promise<void> => {
    const payload = await payloadOf(folder).catch(() => undefined)
    // A volume that cannot be read just now may be the next time; what is in force stays.
    if (payload === undefined || payload === last) return
    last = payload
    onChange()
  }
  setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => (looking = false))
  }, LOOK_MS).unref()
}
