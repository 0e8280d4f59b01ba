/** All of administration lies below it. */
export const ADMIN_PATH = '/admin'

/** Addresses of pages; what stands in them is an id, which needs no encoding. */
export const paths = {
  overview: ADMIN_PATH,
  providers: `${ADMIN_PATH}/identity-providers`,
  provider: (id: string) => `${ADMIN_PATH}/identity-providers/${id}`,
  testProvider: (id: string) => `${ADMIN_PATH}/identity-providers/${id}/test`,
  users: `${ADMIN_PATH}/users`,
  user: (id: string) => `${ADMIN_PATH}/users/${id}`,
  userAction: (id: string, action: UserAction) => `${ADMIN_PATH}/users/${id}/${action}`,
  deleteUser: (id: string) => `${ADMIN_PATH}/users/${id}/delete`,
  exportUser: (id: string) => `${ADMIN_PATH}/users/${id}/export`,
  invite: `${ADMIN_PATH}/invite`,
  sessions: `${ADMIN_PATH}/sessions`,
  endSession: `${ADMIN_PATH}/sessions/end`,
  audit: `${ADMIN_PATH}/audit`,
  auditExport: `${ADMIN_PATH}/audit/export`,
} as const

/** What is done to an account by one press of a button. */
export type UserAction = 'suspend' | 'resume' | 'sign-out' | 'invite-again'

/** An address with a query; what is undefined or empty is left out. */
export function withQuery(path: string, values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') query.set(name, value)
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
