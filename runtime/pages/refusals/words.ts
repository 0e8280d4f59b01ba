import type { RefusalCode } from '../../refusal.ts'

/** What a person is told for one refusal. */
export interface RefusalText {
  /** What happened, in a few words. */
  title: string
  /** What that means and what to do; never a cause, which would describe the inner network to a stranger. */
  message: string
  /** What most often is behind it, where the person can do something about that. */
  causes?: readonly string[]
}

/** What the pages of refusals say. */
export interface RefusalWords {
  texts: Readonly<Record<RefusalCode, RefusalText>>
  /** Names of what a refusal knows beside its code. */
  expected: string
  signedIn: string
  domains: string
  /** Ways on. */
  retry: string
  signIn: string
  openPage: string
  openApp: string
}
