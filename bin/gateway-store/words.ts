import type { StoreSummary } from '../../runtime/store/index.ts'

/** What is in a store, in one line for people. */
export function describeStore({ accounts, sessions, sealingKeys, lastChangeAt }: StoreSummary): string {
  const people = [counted(accounts, 'account'), counted(sessions, 'session')].join(' and ')
  const since = lastChangeAt === undefined ? '' : `, last changed ${new Date(lastChangeAt).toISOString()}`
  const keys =
    sealingKeys.length === 0 ? '' : `; its sessions are sealed with the stack's key ${sealingKeys.join(', ')}`
  return `${people}${since}${keys}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
