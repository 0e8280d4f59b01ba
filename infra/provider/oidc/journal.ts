import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { clientCredentialsSchema, type ClientCredentials } from './schema.ts'

/**
 * Credentials that a server has given and that no state may know yet.
 *
 * RFC 7591 has no idempotency: a registration that is sent twice makes two clients, and nobody can ask which clients
 * exist. So if the deployment dies between the answer and the state, the next one would make a twin, and the first
 * client, with a working secret, would be forgotten. Likewise a registration access token that an update has just
 * rotated (RFC 7592 §2.2) would be lost, and the client with it. The journal closes both gaps. What stays open, and
 * nothing can close from here: dying between the server's commit and the arrival of its answer.
 *
 * An entry is a file (0600) per client, sealed with AES-256-GCM under a key that HKDF (RFC 5869) derives from the
 * initial access token: who may read entries could register clients anyway. Without such a token there is no journal.
 */
export interface Journal {
  find(subject: Subject, tokens: readonly (string | undefined)[]): Promise<JournalEntry | undefined>
  write(subject: Subject, token: string, credentials: ClientCredentials): Promise<void>
  remove(subject: Subject): Promise<void>
}

/** An entry that none of the tokens at hand opens was sealed with an earlier one. */
export type JournalEntry =
  { kind: 'opened'; file: string; credentials: ClientCredentials } | { kind: 'sealed'; file: string }

/** What an entry is about. */
export interface Subject {
  urn: string
  issuer: string
  /** The client whose token was rotated; absent for a registration, where no state can name the client yet. */
  clientId?: string
}

/**
 * The journal of a project.
 * @param folder is made (0700) when the first entry is written
 */
export function openJournal(folder: string): Journal {
  const fileOf = (subject: Subject) => {
    const name = createHash('sha256').update(nameOf(subject)).digest('hex').slice(0, 32)
    return join(folder, `${name}.json`)
  }
  return {
    async find(subject, tokens) {
      const file = fileOf(subject)
      const text = await readFile(file, 'utf8').catch(absent)
      if (text === undefined) return undefined
      for (const token of tokens) {
        const credentials = token === undefined ? undefined : unseal(text, token, subject)
        if (credentials !== undefined) return { kind: 'opened', file, credentials }
      }
      return { kind: 'sealed', file }
    },
    async write(subject, token, credentials) {
      const file = fileOf(subject)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Renamed into place, so that no half-written entry is ever found.
      const draft = `${file}.${randomBytes(6).toString('hex')}`
      await writeFile(draft, seal(credentials, token, subject), { mode: 0o600, flag: 'wx' })
      await rename(draft, file)
    },
    async remove(subject) {
      await rm(fileOf(subject), { force: true })
    },
  }
}

function nameOf({ urn, issuer, clientId }: Subject): string {
  return JSON.stringify([urn, issuer, clientId ?? null])
}

function seal(credentials: ClientCredentials, token: string, subject: Subject): string {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(token, salt), nonce)
  cipher.setAAD(Buffer.from(nameOf(subject)))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()])
  const parts = { salt, nonce, tag: cipher.getAuthTag(), sealed }
  const encoded = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64url')])
  return `${JSON.stringify({ version: 1, ...Object.fromEntries(encoded) })}\n`
}

function unseal(text: string, token: string, subject: Subject): ClientCredentials | undefined {
  try {
    const entry = JSON.parse(text) as Record<string, string>
    const part = (name: string) => Buffer.from(entry[name] ?? '', 'base64url')
    const key = deriveKey(token, part('salt'))
    const decipher = createDecipheriv('aes-256-gcm', key, part('nonce'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(nameOf(subject))).setAuthTag(part('tag'))
    const opened = Buffer.concat([decipher.update(part('sealed')), decipher.final()]).toString('utf8')
    return clientCredentialsSchema.parse(JSON.parse(opened))
  } catch {
    return undefined
  }
}

function deriveKey(token: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', token, salt, 'gatewright journal v1', 32))
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
