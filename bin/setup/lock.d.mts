export function withLock<T>(
  file: string,
  options: { timeoutMs: number; waiting: () => void },
  work: () => Promise<T>,
): Promise<T>
