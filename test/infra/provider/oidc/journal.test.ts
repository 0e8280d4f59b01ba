import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openJournal, type Journal } from '../../../../infra/provider/oidc/journal.ts'

const subject = { urn: 'urn:pulumi:test::project::type::client', issuer: 'https://idp.example' }
const credentials = {
  clientId: 'the-client',
  clientSecret: 'the-client-secret',
  clientSecretExpiresAt: 0,
  registrationClientUri: 'https://idp.example/reg/the-client',
  registrationAccessToken: 'the-registration-token',
}

let folder: string
let journal: Journal

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'gatewright-journal-')), 'journal')
  journal = openJournal(folder)
})

afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

describe('journal', () => {
  it('gives back what was written, to who has the token', async () => {
    await journal.write(subject, 'initial-token', credentials)
    expect(await journal.find(subject, [undefined, 'other', 'initial-token'])).toMatchObject({
      kind: 'opened',
      credentials,
    })
    expect(await journal.find(subject, ['other', undefined])).toMatchObject({ kind: 'sealed' })
  })

  it('keeps entries sealed, and for their owner alone', async () => {
    await journal.write(subject, 'initial-token', credentials)
    const file = await onlyFile()
    expect(await readFile(file, 'utf8')).not.toMatch(/the-|initial-token|idp\.example/)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('does not open an entry that was changed, or that belongs to another resource', async () => {
    await journal.write(subject, 'initial-token', credentials)
    const text = await readFile(await onlyFile(), 'utf8')
    const other = { ...subject, urn: `${subject.urn}-other` }
    await journal.write(other, 'initial-token', credentials)
    for (const name of await readdir(folder)) await writeFile(join(folder, name), text)
    expect(await journal.find(other, ['initial-token'])).toMatchObject({ kind: 'sealed' })
    await writeFile(join(folder, (await readdir(folder))[0] ?? ''), text.slice(0, 80))
    const found = await Promise.all([subject, other].map((one) => journal.find(one, ['initial-token'])))
    expect(found.map((entry) => entry?.kind)).toContain('sealed')
  })

  it('finds nothing for another client, and nothing after a removal', async () => {
    await journal.write(subject, 'initial-token', credentials)
    expect(await journal.find({ ...subject, clientId: 'the-client' }, ['initial-token'])).toBeUndefined()
    await journal.remove(subject)
    await journal.remove(subject)
    expect(await journal.find(subject, ['initial-token'])).toBeUndefined()
  })
})

async function onlyFile(): Promise<string> {
  const names = await readdir(folder)
  expect(names).toHaveLength(1)
  return join(folder, names[0] ?? '')
}
