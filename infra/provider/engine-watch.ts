/** How often we look whether the engine is still there, in milliseconds. */
const INTERVAL_MS = 500

/**
 * Calls back once, when the process that started this one has gone, however it went: a provider that outlives a killed
 * engine would go on changing things which no state records.
 * @param parent process id of the engine
 * @returns ends the watch
 */
export function onEngineGone(parent: number, gone: () => void): () => void {
  const timer = setInterval(() => {
    if (process.ppid === parent && isThere(parent)) return
    clearInterval(timer)
    gone()
  }, INTERVAL_MS)
  return () => clearInterval(timer)
}

/** Windows keeps the number of a parent that has ended, so the number alone is not enough. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
