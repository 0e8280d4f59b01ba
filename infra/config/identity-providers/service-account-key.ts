import { createPrivateKey } from 'node:crypto'

/**
 * Says what is wrong with the key of a service account, as Google's console gives it for download.
 * @param text the JSON file's content; no part of it is ever repeated
 * @returns what is wrong and what to do, or undefined when it is such a key
 * @see https://cloud.google.com/iam/docs/keys-create-delete
 */
export function serviceAccountKeyMistake(text: string): string | undefined {
  const key = parse(text)
  if (key === undefined) return advise('is no JSON')
  if ('web' in key || 'installed' in key) return advise("is the JSON of a sign-in client, not a service account's key")
  if (key['type'] === 'authorized_user') return advise("is a person's own credential, not a service account's key")
  if (key['type'] !== 'service_account') return advise('has no "type": "service_account"')
  const missing = ['client_email', 'private_key', 'token_uri'].filter((name) => !isText(key[name]))
  if (missing.length > 0) return advise(`has no ${missing.join(' and no ')}`)
  if (!isPrivateKey(key['private_key']))
    return advise('has a private_key that is no RSA key: was it changed on its way?')
  return undefined
}

/** Of two lines, because a value is repeated before a message of one line. */
function advise(mistake: string): string {
  return `${mistake}:\npaste the whole file that the console gives under IAM & Admin > Service accounts > Keys > Add key > JSON`
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isPrivateKey(value: unknown): boolean {
  try {
    return isText(value) && createPrivateKey(value).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
