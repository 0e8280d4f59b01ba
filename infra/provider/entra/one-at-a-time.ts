/** What runs last for each key; an entry goes when nothing runs any more. */
const running = new Map<string, Promise<unknown>>()

/**
 * Runs tasks with the same key one after the other: Entra keeps an application's secrets in one list, and of two changes
 * at once one may be lost.
 */
export async function oneAtATime<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
  const before = running.get(key)
  const result = before === undefined ? task() : before.then(task)
  // How a task ended is its own caller's business.
  const ended = result.then(
    () => undefined,
    () => undefined,
  )
  running.set(key, ended)
  try {
    return await result
  } finally {
    if (running.get(key) === ended) running.delete(key)
  }
}
