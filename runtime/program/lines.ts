/** Where log lines go. */
export interface Lines {
  /** @param line with its line break */
  write(line: string): void
  /** Writes what waits. */
  flush(): void
}

/**
 * Gathers the lines of one turn of the event loop into one write: a request costs no system call of its own under load,
 * and a lone line is there at once.
 * @param writeNow takes text that ends with a line break; what it cannot write is lost
 */
export function createLines(writeNow: (text: string) => void): Lines {
  let waiting = ''
  const flush = (): void => {
    if (waiting === '') return
    const text = waiting
    waiting = ''
    writeNow(text)
  }
  return {
    write(line) {
      if (waiting === '') setImmediate(flush)
      waiting += line
    },
    flush,
  }
}
