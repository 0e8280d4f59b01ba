import { describe, expect, it } from 'vitest'

import { type Language, LANGUAGES } from '../../../runtime/languages/index.ts'
import { composeLetter } from '../../../runtime/mail/letter.ts'
import { renderHtml } from '../../../runtime/mail/html.ts'
import { renderText } from '../../../runtime/mail/text.ts'
import { INVITATION, LINK, MESSAGES, notice, RESET, VERIFY } from './support/letters.ts'

const BRAND = { name: 'Acme', colors: undefined, links: [{ label: 'Privacy', url: 'https://acme.example/privacy' }] }

function both(language: Language, message: (typeof MESSAGES)[number], brand: Partial<typeof BRAND> = {}) {
  const frame = { brand: { ...BRAND, ...brand }, language, logoCid: undefined }
  const letter = composeLetter(message, frame.brand.name, language)
  return { letter, text: renderText(letter, frame), html: renderHtml(letter, frame) }
}

describe.each(LANGUAGES)('a letter in %s', (language) => {
  it('says everything that it knows in both parts, and nothing that it does not', () => {
    for (const message of MESSAGES) {
      const { letter, text, html } = both(language, message)
      for (const part of [letter.subject, letter.paragraphs.join(), text, html]) {
        expect(part).not.toMatch(/undefined|null|NaN|\[object|\$\{|Invalid/)
      }
      expect(letter.subject).toContain('Acme')
      expect(text).toContain(`\n${LINK}\n`)
      expect(html).toContain(`href="${LINK.replaceAll('&', '&amp;')}"`)
      expect(text).toContain('Privacy: https://acme.example/privacy')
      expect(text).toContain('14:13 UTC'.replace('14:13', language === 'en' ? '2:13 PM' : '14:13'))
      expect(html).toContain(`<html lang="${language}">`)
    }
  })

  it('is another one than in the other languages, for every message', () => {
    for (const message of MESSAGES) {
      const subjects = new Set(LANGUAGES.map((other) => composeLetter(message, 'Acme', other).subject))
      const leads = new Set(LANGUAGES.map((other) => composeLetter(message, 'Acme', other).paragraphs[0]))
      expect([subjects.size, leads.size]).toEqual([LANGUAGES.length, LANGUAGES.length])
    }
  })
})

it('names who invites, and does without', () => {
  expect(composeLetter(INVITATION, 'Acme', 'en').paragraphs[0]).toMatch(/^Alice has invited you to Acme\./)
  const unknown = composeLetter({ ...INVITATION, invitedBy: '\u202e\n' }, 'Acme', 'en')
  expect(unknown.paragraphs[0]).toMatch(/^An account at Acme is ready for you\./)
})

it('says from where a change came, and does without', () => {
  expect(composeLetter(notice({ what: 'password_set' }), 'Acme', 'en').facts).toEqual([
    { term: 'Time', value: 'September 21, 2026 at 2:13 PM UTC' },
    { term: 'Network address', value: '203.0.113.7' },
  ])
  expect(composeLetter(notice({ what: 'password_set' }, ''), 'Acme', 'en').facts).toHaveLength(1)
})

it.each(['javascript:alert(1)', '/verify/abc', 'ftp://acme.example/', '', 'https://'])(
  'is not written with "%s" for a link',
  (link) => {
    expect(() => composeLetter({ ...RESET, link }, 'Acme', 'en')).toThrow(TypeError)
  },
)

it('escapes what people call themselves', () => {
  const { html } = both('en', { ...VERIFY, provider: '"><script>alert(1)</script>' }, { name: '<b>Acme</b> & Söhne' })
  expect(html).not.toMatch(/<script|<b>/)
  expect(html).toContain('&lt;b&gt;Acme&lt;/b&gt; &amp; Söhne')
})

it('loads nothing from anywhere, and runs nothing', () => {
  for (const message of MESSAGES) {
    const { html } = both('en', message)
    expect(html).not.toMatch(/<(?:script|iframe|link|object|form|img)\b|url\(|@import|\ssrc=|\son\w+=/i)
  }
})

it('shows a brand’s colour with text on it that can be read, and no link that cannot', () => {
  const { html } = both('en', RESET, { colors: { light: '#ffee00', dark: '#101010' } } as never)
  expect(html).toContain('background:#ffee00;color:#000000')
  expect(html).not.toMatch(/class="link"[^>]*color:#ffee00/)
  expect(html).toContain('.button { background: #101010 !important; color: #ffffff !important; }')
  expect(html).not.toContain('.link { color: #101010')
})
