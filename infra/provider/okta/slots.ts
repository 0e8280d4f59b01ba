import { OWN_SECRET_PREFIX } from './schema.ts'

/** A secret of a client, as Okta lists it. */
export interface ListedSecret {
  id: string
  status: 'ACTIVE' | 'INACTIVE'
  value: string | undefined
  /** Date and time; the console tells secrets apart by it. */
  created: string
}

/** How many secrets a client has at most, whatever their status. */
const SLOTS = 2

/** What to do next with a client's secrets, in one request. */
export type Step =
  | { kind: 'done'; secretId: string }
  | { kind: 'create' }
  | { kind: 'activate' | 'deactivate' | 'delete'; secretId: string }
  /** Both slots are taken by secrets that somebody may be using. */
  | { kind: 'taken'; by: readonly ListedSecret[] }

/**
 * The next step to a client that has this secret, live. Taken again and again it ends in `done`, wherever an earlier
 * attempt broke off, and it never takes away a secret that a stack may be using.
 * @param listed all secrets of the client
 */
export function stepToPresence(
  listed: readonly ListedSecret[],
  { value, strangers }: { value: string; strangers: 'remove' | 'keep' },
): Step {
  const own = listed.find((secret) => secret.value === value)
  const others = listed.filter((secret) => secret !== own)
  if (!own) return others.length < SLOTS ? { kind: 'create' } : stepToRoom(others)
  if (own.status !== 'ACTIVE') return { kind: 'activate', secretId: own.id }
  const stray = strangers === 'remove' && others.every(isStranger) ? others[0] : undefined
  return stray ? stepAway(stray) : { kind: 'done', secretId: own.id }
}

/** The next step to a client that does not have this secret. */
export function stepToAbsence(listed: readonly ListedSecret[], secretId: string): Step {
  const own = listed.find(({ id }) => id === secretId)
  // Okta keeps a client's only secret until the client itself goes.
  return !own || listed.length === 1 ? { kind: 'done', secretId } : stepAway(own)
}

/** Only a secret that nobody can be using makes room: an inactive one. */
function stepToRoom(others: readonly ListedSecret[]): Step {
  const idle = others.find(({ status }) => status === 'INACTIVE')
  return idle ? stepAway(idle) : { kind: 'taken', by: others }
}

/** Only an inactive secret can be deleted. */
function stepAway({ id, status }: ListedSecret): Step {
  return { kind: status === 'ACTIVE' ? 'deactivate' : 'delete', secretId: id }
}

/** Whether no stack made a secret. One whose value Okta does not tell is nobody's for certain, and so left alone. */
export function isStranger({ value }: ListedSecret): boolean {
  return value !== undefined && !value.startsWith(OWN_SECRET_PREFIX)
}
