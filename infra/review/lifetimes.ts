import { type Judgement, narrows, widens } from './finding.ts'
import { say } from './phrase.ts'
import type { Plain } from './plain.ts'

/**
 * Who gains or loses by a limit of sessions beside that of the stack: where there is none, it cuts nothing short.
 * @param name of the setting, below `session`
 * @param before and after: minutes, or nothing where it is not said
 */
export function lifetimeChange(name: string, before: Plain, after: Plain): Judgement[] {
  if (before === after) return []
  const words = { parts: [`session.${name}`] }
  const says = say`${words} from ${textOfLimit(before)} to ${textOfLimit(after)}`
  const isLonger = limit(after) > limit(before)
  return [
    isLonger ? widens(say`who is signed in, for longer: ${says}`) : narrows(say`who is signed in, sooner: ${says}`),
  ]
}

function limit(value: Plain): number {
  return typeof value === 'number' ? value : Infinity
}

function textOfLimit(value: Plain): string {
  return typeof value === 'number' ? String(value) : 'the stack’s own'
}
