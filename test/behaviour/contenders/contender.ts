/** The three that the table compares. */
export const CONTENDERS = ['gatewright', 'nginx', 'haproxy'] as const
export type ContenderName = (typeof CONTENDERS)[number]

/** A proxy that runs in front of one upstream. */
export interface Contender {
  /** On 127.0.0.1. */
  port: number
  /** What clients write as Host. */
  host: string
  close(): Promise<void>
}
