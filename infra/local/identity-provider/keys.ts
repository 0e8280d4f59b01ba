import { randomBytes } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { exportJWK, generateKeyPair } from 'jose'
import * as z from 'zod'

const schema = z.strictObject({
  /** Private JWKs, RS256 and ES256. */
  signing: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.literal('sig') })).min(1),
  /** For the signatures of cookies. */
  cookies: z.array(z.string().min(32)).min(1),
})

export type ProviderKeys = z.infer<typeof schema>

/**
 * The provider's own keys: made once, kept in `keys.json` (0600) of the data folder.
 * @throws Error when the file is there but not what we wrote; it is never replaced, because that would end all sessions
 */
export async function loadKeys(dataFolder: string): Promise<ProviderKeys> {
  const file = join(dataFolder, 'keys.json')
  const kept = await readKeys(file)
  if (kept) return kept
  const fresh = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(fresh, JSON.stringify(await makeKeys()), { mode: 0o600, flag: 'wx' })
  try {
    // A link, unlike a rename, never replaces what another process may just have made.
    await link(fresh, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(fresh)
  }
  const keys = await readKeys(file)
  if (!keys) throw new Error(`${file} was there and is gone`)
  return keys
}

async function readKeys(file: string): Promise<ProviderKeys | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is damaged; delete it to have new keys made, which signs everybody out`)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function makeKeys(): Promise<ProviderKeys> {
  const signing = await Promise.all(
    ['RS256', 'ES256'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      const jwk = await exportJWK(privateKey)
      return { ...jwk, kty: String(jwk.kty), kid: randomBytes(8).toString('hex'), alg, use: 'sig' as const }
    }),
  )
  return { signing, cookies: [randomBytes(32).toString('base64url')] }
}
