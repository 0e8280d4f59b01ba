import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createClientSecretType } from '../../../../infra/provider/entra/client-secret.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { Application } from '../../../support/idp/entra/store.ts'
import { callFor } from '../../../support/provider/call.ts'
import { addSecret, startTrustedEntra, type TrustedEntra } from './trusted-entra.ts'

const waits: number[] = []
const type = createClientSecretType(async (milliseconds) => waits.push(milliseconds))
const call = callFor('entra-gateway-first')
const DAY_MS = 24 * 60 * 60 * 1000

let entra: TrustedEntra
let application: Application
beforeAll(async () => {
  entra = await startTrustedEntra()
})
afterAll(() => entra.close())
beforeEach(() => {
  entra.reset()
  waits.length = 0
  application = entra.addApplication('login.acme.example (production)')
})

const inputs = (changes: Properties = {}): Properties => ({
  administration: entra.administration,
  applicationObjectId: application.id,
  displayName: 'Gatewright first',
  lifetimeDays: 360,
  ...changes,
})
const names = () => application.passwords.map(({ displayName }) => displayName)

describe('check', () => {
  it('names every mistake at once, and skips nothing', () => {
    const { failures } = type.check({ applicationObjectId: 'app', displayName: '', lifetimeDays: 0 })
    const properties = ['administration', 'applicationObjectId', 'displayName', 'lifetimeDays']
    expect(failures.map(({ property }) => property)).toEqual(properties)
  })

  it('refuses an authority to which no credential may go', () => {
    const administration = { ...entra.administration, authority: 'http://login.acme.example' }
    expect(type.check(inputs({ administration })).failures).toEqual([
      { property: 'administration', reason: 'authority: use https://host, without a path' },
    ])
  })
})

describe('create', () => {
  it('has Entra make a secret that ends by itself', async () => {
    const { id, outputs } = await type.create(call, inputs())
    const [password] = application.passwords
    expect(id).toBe(password?.keyId)
    expect(outputs).toEqual({
      ...inputs(),
      keyId: password?.keyId,
      value: password?.secretText,
      expiresAt: password?.endDateTime,
    })
    const days = (Date.parse(password?.endDateTime ?? '') - Date.now()) / DAY_MS
    expect(days).toBeGreaterThan(359)
    expect(days).toBeLessThanOrEqual(360)
  })

  it('leaves one secret of its name after a deployment that died before it recorded the first', async () => {
    const { id } = await type.create(call, inputs())
    const second = await type.create(call, inputs())
    expect(second.id).not.toBe(id)
    expect(application.passwords.map(({ keyId }) => keyId)).toEqual([second.id])
  })

  it('touches no secret of another name', async () => {
    addSecret(application, 'Gatewright 2026-11-22')
    addSecret(application, "somebody's own")
    await type.create(call, inputs())
    expect(names()).toEqual(['Gatewright 2026-11-22', "somebody's own", 'Gatewright first'])
  })

  it('makes two secrets of one application one after the other, so that none is lost', async () => {
    const together: number[] = []
    let inside = 0
    entra.faults.before = ({ url }) => {
      if (url.pathname.endsWith('/addPassword')) together.push((inside += 1))
      return undefined
    }
    entra.faults.after = ({ url }) => {
      if (url.pathname.endsWith('/addPassword')) inside -= 1
      return undefined
    }
    await Promise.all([type.create(call, inputs()), type.create(call, inputs({ displayName: 'Gatewright second' }))])
    expect(new Set(names())).toEqual(new Set(['Gatewright first', 'Gatewright second']))
    expect(together).toEqual([1, 1])
  })

  it('waits for a replica that does not know the application yet', async () => {
    application.unknownFor = 3
    await type.create(call, inputs())
    expect(names()).toEqual(['Gatewright first'])
    expect(waits).toEqual([500, 1000])
  })

  it('gives up on an application that does not appear', async () => {
    application.unknownFor = 99
    await expect(type.create(call, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(names()).toEqual([])
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000])
  })

  it('waits as long as Graph asks for it', async () => {
    let asked = 0
    entra.faults.before = ({ url }) => {
      if (!url.pathname.endsWith('/addPassword') || (asked += 1) > 1) return undefined
      return { status: 429, headers: { 'retry-after': '7' }, body: { error: { code: 'TooManyRequests' } } }
    }
    await type.create(call, inputs())
    expect(waits).toEqual([7000])
    expect(names()).toEqual(['Gatewright first'])
  })

  it("repeats neither our credential nor the token in Graph's words", async () => {
    const { clientSecret } = entra.administration as { clientSecret: string }
    entra.faults.before = ({ url, headers }) => {
      if (!url.pathname.endsWith('/addPassword')) return undefined
      const message = `policy forbids it: ${clientSecret} ${headers.authorization}`
      return { status: 403, body: { error: { code: 'CredentialTypeNotAllowedAsPerAppPolicy', message } } }
    }
    const failure = await type.create(call, inputs()).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(String(failure)).toContain('403 (CredentialTypeNotAllowedAsPerAppPolicy: policy forbids it: [secret]')
    expect(String(failure)).not.toContain(clientSecret)
    expect(names()).toEqual([])
  })

  it('says so when the tenant does not take the credential', async () => {
    const administration = { ...entra.administration, clientSecret: 'former' }
    const failure = await type.create(call, inputs({ administration })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(String(failure)).toContain('invalid_client: AADSTS7000215')
    expect(names()).toEqual([])
  })
})

describe('read', () => {
  it('finds nothing changed where nothing is', async () => {
    const { id, outputs } = await type.create(call, inputs())
    expect(await type.read(call, id, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it('says gone of one that was removed by hand, after a second look', async () => {
    const { id, outputs } = await type.create(call, inputs())
    application.passwords = []
    waits.length = 0
    expect(await type.read(call, id, outputs, inputs())).toBe('gone')
    expect(waits).toEqual([2000])
  })

  it('does not say gone of one that a replica does not know for a moment', async () => {
    const { id, outputs } = await type.create(call, inputs())
    application.unknownFor = 1
    expect(await type.read(call, id, outputs, inputs())).toEqual({ inputs: inputs(), outputs })
  })

  it('says gone of one whose time is over, so that the next deployment makes it anew', async () => {
    const { id, outputs } = await type.create(call, inputs())
    const [password] = application.passwords
    if (password) password.endDateTime = '2020-01-01T00:00:00Z'
    expect(await type.read(call, id, outputs, inputs())).toBe('gone')
  })

  it('fails where Graph fails, rather than to say gone', async () => {
    const { id, outputs } = await type.create(call, inputs())
    entra.faults.before = ({ url }) =>
      url.pathname.startsWith('/v1.0/')
        ? { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } }
        : undefined
    await expect(type.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  it('cannot take over a secret by its id', async () => {
    await expect(type.read(call, 'some-id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('diff, plan and update', () => {
  const request = (changes: Properties) => ({
    urn: call.urn,
    state: {},
    oldInputs: inputs(),
    newInputs: inputs(changes),
  })

  it('replaces for another name or application, and for nothing else', async () => {
    expect(await type.diff(request({ displayName: 'Gatewright second' }))).toEqual([
      { path: ['displayName'], kind: 'update', replaces: true },
    ])
    expect(await type.diff(request({ lifetimeDays: 90 }))).toEqual([
      { path: ['lifetimeDays'], kind: 'update', replaces: false },
    ])
    expect(await type.diff(request({}))).toEqual([])
  })

  it('keeps the secret when only its administration changes, and asks nobody', async () => {
    const { id, outputs } = await type.create(call, inputs())
    entra.log.length = 0
    const administration = { ...entra.administration, clientSecret: 'next' }
    const changed = inputs({ administration })
    const updated = await type.update(call, id, outputs, changed)
    expect(updated).toEqual({ ...outputs, administration })
    expect(type.plan(changed, outputs)).toEqual(updated)
    expect(entra.log).toEqual([])
  })
})

describe('delete', () => {
  it('removes its own secret alone', async () => {
    addSecret(application, "somebody's own")
    const { outputs } = await type.create(call, inputs())
    await type.delete(call, outputs)
    expect(names()).toEqual(["somebody's own"])
  })

  it.each([
    ['a secret', () => application.passwords.splice(0)],
    ['an application', () => entra.store.applications.clear()],
  ])('takes %s that is gone for deleted', async (_title, remove) => {
    const { outputs } = await type.create(call, inputs())
    remove()
    await expect(type.delete(call, outputs)).resolves.toBeUndefined()
  })

  it('fails when it is still there afterwards', async () => {
    const { outputs } = await type.create(call, inputs())
    application.owners = []
    await expect(type.delete(call, outputs)).rejects.toMatchObject({ code: 'vendor_refused' })
    expect(names()).toEqual(['Gatewright first'])
  })
})
