import { describe, expect, it } from 'vitest'
import { describeOutcome } from '../../../bin/workspace/outcome.ts'

const alice = { password: 'wonderland', groups: ['staff', 'admins'] }

describe('how an update ended', () => {
  it('shows where to go, whom to be and what comes next', () => {
    const outputs = {
      authenticateUrl: { value: 'http://login.gw.localhost:8400', secret: false },
      mailbox: { value: 'http://mail.gw.localhost:8404', secret: false },
      routes: {
        value: { hello: { from: 'http://hello.gw.localhost:8400', to: 'http://127.0.0.1:8403' } },
        secret: false,
      },
      access: { value: { hello: { allow: 'staff' } }, secret: false },
      people: { value: { alice, bob: { password: 'x', groups: [] } }, secret: true },
    }
    expect(describeOutcome(outputs, { create: 2, same: 1, update: 0 }, { 'npm run down': 'remove it' })).toBe(
      [
        'Done: 2 created.',
        '',
        'Open',
        '  hello           http://hello.gw.localhost:8400',
        '  (sign-in page)  http://login.gw.localhost:8400',
        '  (mailbox)       http://mail.gw.localhost:8404',
        '',
        'Who can sign in, by the identity provider’s button',
        '  name   password    groups',
        '  alice  wonderland  staff, admins',
        '  bob    x',
        '',
        'Next',
        '  npm run down  remove it',
        '',
      ].join('\n'),
    )
  })

  it('takes people as a list, too', () => {
    const outputs = { people: { value: [{ name: 'alice', ...alice }], secret: true } }
    expect(describeOutcome(outputs, {}, {})).toContain('  alice  wonderland  staff, admins\n')
  })

  it('says that nothing changed', () => {
    expect(describeOutcome({}, { same: 12 }, {})).toBe('Up to date: nothing changed.\n')
  })

  it('leaves out what has another shape', () => {
    const outputs = {
      people: { value: 'nobody', secret: true },
      routes: { value: ['hello'], secret: false },
      authenticateUrl: { value: 1, secret: false },
    }
    expect(describeOutcome(outputs, {}, {})).toBe('Up to date: nothing changed.\n')
  })
})
