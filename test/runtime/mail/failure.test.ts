import { expect, it } from 'vitest'

import { describeFailure } from '../../../runtime/mail/failure.ts'

function thrown(code: string, message = 'x', extra: object = {}): Error {
  return Object.assign(new Error(message), { code }, extra)
}

it.each([
  [thrown('EABORT'), 'timed_out'],
  [thrown('ETIMEDOUT'), 'timed_out'],
  [thrown('EDNS'), 'unreachable'],
  [thrown('ECONNECTION'), 'unreachable'],
  [thrown('ESOCKET', 'connect ECONNREFUSED 127.0.0.1:25'), 'unreachable'],
  [thrown('ESOCKET', 'self-signed certificate'), 'tls_failed'],
  [thrown('ETLS'), 'tls_failed'],
  [thrown('EAUTH'), 'login_refused'],
  [thrown('EENVELOPE'), 'address_refused'],
  [thrown('EMESSAGE'), 'message_refused'],
  [thrown('EWHATEVER'), 'internal'],
  [new TypeError('no code'), 'internal'],
  ['a text', 'internal'],
  [undefined, 'internal'],
] as const)('%s is %s', (error, code) => {
  expect(describeFailure(error)).toEqual({ code })
})

it('keeps the server’s number and not its words', () => {
  const error = thrown('EENVELOPE', '550 alice@acme.example is unknown', { responseCode: 550, response: 'alice' })
  expect(describeFailure(error)).toEqual({ code: 'address_refused', responseCode: 550 })
})
