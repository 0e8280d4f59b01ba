import type { Account, Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

import type { IdentityProviderConfig, Person } from './config.ts'

type People = IdentityProviderConfig['people']

/** The person with that user name, if there is one. Looks at own keys only: names come from outside. */
export function findPerson(people: People, user: string): Person | undefined {
  return Object.hasOwn(people, user) ? people[user] : undefined
}

/** A person as oidc-provider wants them, with every claim; it picks those that the scopes name. */
export function findAccount(people: People, user: string): Account | undefined {
  const person = findPerson(people, user)
  if (person === undefined) return undefined
  const { name, email, groups } = person
  const claims = { sub: user, name, preferred_username: user, email, email_verified: true, groups }
  return { accountId: user, claims: () => claims }
}

/** Hides all records of people who are no more: their sessions and tokens count as unknown, without being touched. */
export function hideRemovedPeople(adapter: AdapterFactory, people: People): AdapterFactory {
  const hide = (payload: AdapterPayload | undefined | void): AdapterPayload | undefined =>
    payload && (payload.accountId === undefined || findPerson(people, payload.accountId)) ? payload : undefined
  return (kind): Adapter => {
    const records = adapter(kind)
    return {
      ...records,
      find: async (id) => hide(await records.find(id)),
      findByUid: async (uid) => hide(await records.findByUid(uid)),
      findByUserCode: async (userCode) => hide(await records.findByUserCode(userCode)),
    }
  }
}
