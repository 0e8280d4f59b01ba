/**
 * Does work that only its own end, or `stop`, brings to an end. A terminal's Ctrl-C is left to the program that does the
 * work: it reaches that one by itself, and to pass it on would be a second one.
 * @param stop called on SIGTERM and SIGHUP
 */
export async function withSignals<T>(stop: (signal: NodeJS.Signals) => void, work: () => Promise<T>): Promise<T> {
  process.on('SIGINT', ignore).on('SIGTERM', stop).on('SIGHUP', stop)
  try {
    return await work()
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', stop).off('SIGHUP', stop)
  }
}

function ignore(): void {
  // A listener alone keeps the signal from ending this process.
}
