import { expect, it } from 'vitest'

import { isOwnPath, POMERIUM_JWKS_PATH } from '../../../runtime/routes/index.ts'

it('all below /.gatewright/ is the gateway’s, at every host', () => {
  for (const path of ['/.gatewright/', '/.gatewright/sign-out', '/.gatewright/x/y']) {
    expect(isOwnPath(path, { speaksPomerium: false })).toBe(true)
  }
  for (const path of ['/', '/.gatewright', '/.gatewrights/x', '/x/.gatewright/', '/.Gatewright/']) {
    expect(isOwnPath(path, { speaksPomerium: true })).toBe(false)
  }
})

it('the path of Pomerium’s keys is the app’s, but for a host that speaks as Pomerium does', () => {
  expect(isOwnPath(POMERIUM_JWKS_PATH, { speaksPomerium: false })).toBe(false)
  expect(isOwnPath(POMERIUM_JWKS_PATH, { speaksPomerium: true })).toBe(true)
  expect(isOwnPath(`${POMERIUM_JWKS_PATH}/x`, { speaksPomerium: true })).toBe(false)
  expect(isOwnPath('/.well-known/pomerium', { speaksPomerium: true })).toBe(false)
})
