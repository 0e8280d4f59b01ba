import { expect, it } from 'vitest'

import { claimHeaderMistakes } from '../../../runtime/header-names/index.ts'

it.each([
  'Authorization',
  'Cookie',
  'Content-Type',
  'content_type',
  'Origin',
  'Forwarded',
  'Host',
  'Content-Length',
  'Transfer-Encoding',
  'TE',
  'Connection',
  'Upgrade',
  'Expect',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X_Forwarded_Host',
  'X-Request-Id',
  'X-Gatewright-Assertion',
  'X-Gatewright-Anything',
  'X-Pomerium-Jwt-Assertion',
])('%s cannot tell a claim', (name) => {
  expect(claimHeaderMistakes([name])).toEqual([{ name, message: expect.stringContaining('reserved') }])
})

it('names by which other gateways tell it can', () => {
  expect(
    claimHeaderMistakes(['X-WEBAUTH-USER', 'Remote-User', 'X-Forwarded-User', 'X-Pomerium-Claim-Email', 'X-Team']),
  ).toEqual([])
})

it('two spellings of one name are a mistake of the second', () => {
  expect(claimHeaderMistakes(['X-User', 'x_user'])).toEqual([
    { name: 'x_user', message: 'is the same name as X-User to many apps' },
  ])
})
