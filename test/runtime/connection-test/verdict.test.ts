import { expect, it } from 'vitest'

import type { Reading } from '../../../runtime/connection-test/reading.ts'
import { judgeCompared, judgeSilent } from '../../../runtime/connection-test/verdict.ts'

const goesOn: Reading = { kind: 'goes-on' }
const silence: Reading = { kind: 'no-answer', why: 'the provider answered 503' }
const back = (error?: string): Reading => ({ kind: 'sent-back', error })
const refused = (part: 'callback' | 'client' | 'request'): Reading => ({ kind: 'refused', part, sign: 'its sign' })

it.each([
  ['is sent back because nobody is signed in', back('login_required'), 'accepted'],
  ['is sent back with a sign-in', back(), 'accepted'],
  ['is refused by name', refused('callback'), 'refused'],
  ['comes of an unknown client', refused('client'), 'refused'],
  ['is sent back with another error', back('unauthorized_client'), undefined],
  ['is refused, perhaps because of prompt=none', refused('request'), undefined],
  ['goes on', goesOn, undefined],
  ['gets no answer', silence, undefined],
])('a silent request that %s is judged by itself or not at all', (_, reading, verdict) => {
  expect(judgeSilent(reading)?.verdict).toBe(verdict)
})

it.each([
  ['goes on, and another address is refused', goesOn, refused('callback'), 'accepted', /refuses an address/],
  ['goes on, and so does another address', goesOn, goesOn, 'cannot-tell', /same way/],
  ['goes on, and nothing is known of another address', goesOn, silence, 'cannot-tell', /answered 503/],
  ['gets no answer', silence, refused('callback'), 'cannot-tell', /answered 503/],
  ['is refused', refused('callback'), refused('callback'), 'refused', /its sign/],
  ['is refused without a word, as another address is', refused('request'), refused('request'), 'refused', /its sign/],
  ['is sent straight back with an error', back('unauthorized_client'), goesOn, 'refused', /unauthorized_client/],
  ['is sent back because nobody is signed in', back('login_required'), goesOn, 'accepted', /login_required/],
] as const)('an ordinary request that %s', (_, asked, control, verdict, reason) => {
  const judged = judgeCompared(asked, control)
  expect(judged.verdict).toBe(verdict)
  expect(judged.reason).toMatch(reason)
})
