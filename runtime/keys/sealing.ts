import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts and authenticates small records under a ring of keys. */
export interface Sealer {
  /** Name of the key that seals; it stands in front of what it sealed. */
  readonly newestKey: string
  /**
   * @param kind what the record is; a record of one kind cannot be opened as another
   * @param id which record it is, empty where there is only the kind
   * @returns text safe for cookies and URLs, with the key's name in front
   */
  seal(kind: string, id: string, plain: string): string
  /** @returns the plain text, or nothing when it is not ours, was changed, or is of another kind or id */
  open(kind: string, id: string, sealed: string): string | undefined
}

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; kind and id are associated data.
 * @param keys by name, 32 bytes each; the first one seals, all open
 * @throws RangeError when there is no key or one has another length
 */
export function createSealer(keys: ReadonlyMap<string, Uint8Array>): Sealer {
  const [newest] = keys
  if (!newest) throw new RangeError('no sealing key')
  for (const [name, key] of keys)
    if (key.length !== 32) throw new RangeError(`sealing key ${name} is not 32 bytes long`)
  const [newestName, sealingKey] = newest
  return {
    newestKey: newestName,
    seal(kind, id, plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, sealingKey, nonce).setAAD(associatedData(kind, id))
      const box = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${newestName}.${box.toString('base64url')}`
    },
    open(kind, id, sealed) {
      const dot = sealed.indexOf('.')
      const key = keys.get(sealed.slice(0, dot))
      const box = Buffer.from(sealed.slice(dot + 1), 'base64url')
      if (!key || box.length < NONCE_BYTES + TAG_BYTES) return undefined
      const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(associatedData(kind, id)).setAuthTag(box.subarray(-TAG_BYTES))
      try {
        return decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}

function associatedData(kind: string, id: string): Buffer {
  return Buffer.from(JSON.stringify(['gatewright', kind, id]))
}
