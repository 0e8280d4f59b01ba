import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseMail } from '../../../../infra/local/mailbox/mime/index.ts'

function lines(...text: string[]): Buffer {
  return Buffer.from(text.join('\r\n'), 'latin1')
}

/** As octets of UTF-8, each a character. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

describe('a mail', () => {
  it('is read with its parts inside each other', () => {
    const mail = parseMail(
      lines(
        'From: =?utf-8?Q?Caf=C3=A9?= <noreply@acme.example>',
        'To: alice@acme.example',
        'Subject: =?utf-8?B?5bGx?= =?utf-8?Q?=E7=94=B0_?=',
        ' =?iso-8859-1?q?=E9?= end',
        'Content-Type: multipart/related; boundary="a b"',
        '',
        'preamble',
        '--a b',
        'Content-Type: multipart/alternative;',
        ' boundary=inner',
        '',
        '--inner',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Caf=C3=A9 with a soft=',
        ' break: https://acme.example/?a=3D1   ',
        'end',
        '--inner',
        'Content-Type: text/html; charset="utf-8"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('<a href="https://acme.example/?a=1&amp;b=2">x</a>').toString('base64'),
        '--inner--',
        '--a b',
        'Content-Type: image/png',
        'Content-ID: <logo@acme.example>',
        'Content-Transfer-Encoding: base64',
        '',
        'AQID',
        '--a b--',
        'epilogue',
      ),
    )
    expect(mail).toMatchObject({
      from: 'Café <noreply@acme.example>',
      to: 'alice@acme.example',
      subject: '山田 é end',
      text: 'Café with a soft break: https://acme.example/?a=1\nend\n',
      html: '<a href="https://acme.example/?a=1&amp;b=2">x</a>',
      images: [{ id: 'logo@acme.example', type: 'image/png', content: Buffer.from([1, 2, 3]) }],
      links: ['https://acme.example/?a=1', 'https://acme.example/?a=1&b=2'],
    })
  })

  it('is text where it says nothing else', () => {
    const mail = parseMail(lines('Subject: Hi', '', utf8('Grüße')))
    expect(mail).toMatchObject({ subject: 'Hi', text: 'Grüße', html: '', images: [], links: [] })
  })

  it('is shown as it came where its encoding is unknown', () => {
    const mail = parseMail(lines('Content-Type: text/plain; charset=x-klingon', '', utf8('Grüße')))
    expect(mail.text).toBe('Grüße')
  })

  it('has the first of several fields of one name', () => {
    expect(parseMail(lines('Subject: one', 'Subject: two', '', '')).subject).toBe('one')
  })

  it('ends where it is too deep', () => {
    const deep = Array.from({ length: 40 }, (_, level) => [
      `Content-Type: multipart/mixed; boundary=b${level}`,
      '',
      `--b${level}`,
    ]).flat()
    expect(parseMail(lines(...deep, '', 'hidden')).text).toBe('')
  })

  it('is read without a fault, whatever came', () => {
    const piece = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: text/html; charset=utf-16',
      'Content-Transfer-Encoding: base64',
      'Content-Transfer-Encoding: quoted-printable',
      'Subject: =?utf-8?Q?=E7=?= =?x?B?!!?=',
      '--b',
      '--b--',
      '',
      '=',
      '=ZZ',
      ' folded',
      ':',
      '<a href="https:',
    )
    const hostile = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => lines(...pieces)),
      fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets)),
    )
    fc.assert(
      fc.property(hostile, (source) => {
        expect(typeof parseMail(source).text).toBe('string')
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
