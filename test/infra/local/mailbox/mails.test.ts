import { expect, it } from 'vitest'

import { createMails, MAILS_AT_MOST } from '../../../../infra/local/mailbox/mails.ts'

it('the newest mail comes first, and the oldest leaves when there are too many', () => {
  const mails = createMails()
  for (let index = 0; index <= MAILS_AT_MOST; index += 1)
    mails.add(Buffer.from(`Subject: ${index}\r\n\r\n`), ['a@b.example'])
  expect(mails.list()).toHaveLength(MAILS_AT_MOST)
  expect(mails.list()[0]?.subject).toBe(String(MAILS_AT_MOST))
  expect(mails.list().at(-1)?.subject).toBe('1')
})

it('mails leave when they are too large together, but for the last that came', () => {
  const mails = createMails()
  const large = Buffer.alloc(20 * 1024 * 1024, ' ')
  const first = mails.add(large, [])
  const second = mails.add(large, [])
  expect(mails.list()).toEqual([second])
  expect(mails.find(first.id)).toBeUndefined()
  expect(mails.find(second.id)).toBe(second)
  mails.clear()
  expect(mails.list()).toEqual([])
})
