/** Name of the secret that a caller must show to register a client (RFC 7591 §3). */
export const INITIAL_ACCESS_TOKEN = 'initial-access-token'

/** Name of the secret that holds a person's password. */
export function passwordSecret(user: string): string {
  return `password.${user}`
}
