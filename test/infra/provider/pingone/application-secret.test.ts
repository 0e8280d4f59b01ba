import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { applicationSecretType, applicationType } from '../../../../infra/provider/pingone/index.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { startTrustedPingOne, type TrustedPingOne } from '../../../support/idp/pingone/in-process.ts'
import { type Application, liveSecrets, newApplication } from '../../../support/idp/pingone/tenant.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('pingone-gateway-first')
let pingOne: TrustedPingOne
let application: Application
let bornWith: string

beforeAll(async () => void (pingOne = await startTrustedPingOne()))
beforeEach(async () => {
  pingOne.reset()
  const { id, outputs } = await applicationType.create(call, applicationInputs())
  application = pingOne.vendor.tenant.applications.get(id) as Application
  bornWith = outputs['bornWith'] as string
})
afterAll(() => pingOne.close())

describe('the first secret', () => {
  it('is a new one, and the one that came with the application ends', async () => {
    const born = application.secret
    const { outputs } = await create()
    expect(liveSecrets(application)).toEqual([outputs['clientSecret']])
    expect(outputs['clientSecret']).not.toBe(born)
  })

  it('of an application that was taken over leaves its present one good for whoever uses it', async () => {
    const used = application.secret
    const { outputs } = await create({ bornWith: '' })
    expect(liveSecrets(application)).toEqual([outputs['clientSecret'], used])
  })

  it('tells nothing of itself by its id', async () => {
    const { id, outputs } = await create()
    expect(id).not.toContain(outputs['clientSecret'])
    expect(outputs).not.toHaveProperty('bornWith')
  })
})

describe('a rotation', () => {
  it('makes the new secret beside the old one, and ends the old one when that is deleted', async () => {
    const old = await create()
    const next = await create({ beside: old.outputs['clientSecret'] ?? '' })
    const both = [next.outputs['clientSecret'], old.outputs['clientSecret']]
    expect(liveSecrets(application)).toEqual(both)
    expect(await read(old)).not.toBe('gone')
    await applicationSecretType.delete(call, old.outputs)
    expect(liveSecrets(application)).toEqual([next.outputs['clientSecret']])
    expect(await read(old)).toBe('gone')
    expect(await read(next)).not.toBe('gone')
  })

  it('that died after the vendor had made the new secret goes on with that one, and the old one stays good', async () => {
    const old = await create()
    const lost = await create({ beside: old.outputs['clientSecret'] ?? '' })
    const next = await create({ beside: old.outputs['clientSecret'] ?? '' })
    expect(next.outputs['clientSecret']).toBe(lost.outputs['clientSecret'])
    expect(liveSecrets(application)).toContain(old.outputs['clientSecret'])
  })

  it('without overlap in the stack file keeps the old secret until its resource is deleted', async () => {
    const old = await create()
    const next = await create()
    expect(liveSecrets(application)).toEqual([next.outputs['clientSecret'], old.outputs['clientSecret']])
    await applicationSecretType.delete(call, old.outputs)
    expect(liveSecrets(application)).toEqual([next.outputs['clientSecret']])
  })

  it('keeps a secret that somebody made by hand meanwhile good for a while', async () => {
    const old = await create()
    application.secret = 'made-by-hand'
    const next = await create({ beside: old.outputs['clientSecret'] ?? '' })
    expect(liveSecrets(application)).toEqual([next.outputs['clientSecret'], 'made-by-hand'])
  })

  it('never ends the secret that was preferred, wherever it breaks off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 3 }), async (deaths) => {
        application = newApplication(application.members)
        pingOne.vendor.tenant.applications.set(application.id, application)
        let preferred = (await create()).outputs
        for (const diesFirst of deaths) {
          const beside = preferred['clientSecret'] ?? ''
          if (diesFirst) await create({ beside })
          const next = (await create({ beside })).outputs
          expect(liveSecrets(application)).toEqual(expect.arrayContaining([beside, next['clientSecret']]))
          await applicationSecretType.delete(call, preferred)
          expect(liveSecrets(application)).toEqual([next['clientSecret']])
          preferred = next
        }
      }),
      { seed: 20_261_122, numRuns: 8 },
    )
  })
})

describe('a secret', () => {
  it('that is the only one stays when its resource goes, as PingOne knows no application without', async () => {
    const { outputs } = await create()
    await applicationSecretType.delete(call, outputs)
    expect(liveSecrets(application)).toEqual([outputs['clientSecret']])
  })

  it('is gone with its application, and its deletion is no failure then', async () => {
    const made = await create()
    pingOne.vendor.tenant.applications.delete(application.id)
    expect(await read(made)).toBe('gone')
    await applicationSecretType.delete(call, made.outputs)
  })

  it('that was replaced by hand is gone', async () => {
    const made = await create()
    application.secret = 'made-by-hand'
    expect(await read(made)).toBe('gone')
  })

  it('takes new credentials of the administrator without asking anybody', async () => {
    const { id, outputs } = await create()
    pingOne.vendor.log.length = 0
    const credentials = { clientId: 'other', clientSecret: 'other-secret' }
    const updated = await applicationSecretType.update(call, id, outputs, { ...secretInputs(), credentials })
    expect(updated).toEqual({ ...outputs, credentials })
    expect(pingOne.vendor.log).toEqual([])
  })

  it('does not change when its neighbour goes', async () => {
    const oldInputs = { ...secretInputs(), beside: 'former' }
    const request = { urn: call.urn, state: {}, oldInputs, newInputs: { ...secretInputs(), bornWith: '' } }
    expect(await applicationSecretType.diff(request)).toEqual([])
  })

  it('cannot be imported', async () => {
    await expect(applicationSecretType.read(call, 'id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

function create(changes: Properties = {}) {
  return applicationSecretType.create(call, { ...secretInputs(), ...changes })
}

function read({ id, outputs }: { id: string; outputs: Properties }) {
  return applicationSecretType.read(call, id, outputs, secretInputs())
}

function secretInputs(): Properties {
  return { ...pingOne.connection, applicationId: application.id, bornWith }
}

function applicationInputs(): Properties {
  return {
    ...pingOne.connection,
    name: 'login.acme.example (test)',
    type: 'WEB_APP',
    enabled: true,
    grantTypes: ['AUTHORIZATION_CODE'],
    redirectUris: ['https://login.acme.example/callback/pingone'],
    postLogoutRedirectUris: [],
    tokenEndpointAuthMethod: 'CLIENT_SECRET_POST',
    accessGroups: [],
    accessGroupType: 'ANY_GROUP',
  }
}
