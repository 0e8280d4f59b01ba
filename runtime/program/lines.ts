/** Where log lines go. */
export interface Lines {
  /** Writes a line at once, behind those that wait. @param line with its line break */
  write(line: string): void
  /**
   * Writes a line together with all others of this turn of the event loop: a request costs no system call of its own under
   * load, and a lone line is there at once all the same.
   * @param line with its line break
   */
  writeSoon(line: string): void
  /** Writes what waits. */
  flush(): void
}

/** @param writeNow takes text that ends with a line break; what it cannot write is lost */
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
      const text = waiting + line
      waiting = ''
      writeNow(text)
    },
    writeSoon(line) {
      if (waiting === '') setImmediate(flush)
      waiting += line
    },
    flush,
  }
}
