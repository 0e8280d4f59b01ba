import { describe, expect, it } from 'vitest'

import { Refusal } from '../../../runtime/refusal.ts'
import { statusOf } from '../../../runtime/server/answers.ts'
import { refusalResponse, type RefusalView } from '../../../runtime/server/refusal-response.ts'
import { brandAt } from '../../support/release.ts'

const brand = brandAt('https://login.acme.example', ['acme'])
const request = { url: 'https://hello.acme.example/page?x=1', headers: new Headers() }
const view: RefusalView = { requestId: 'r-1', page: true, brand, request, address: '/page?x=1' }

describe('a refusal', () => {
  it('of a token asks for another one, as RFC 6750 says it', async () => {
    for (const page of [true, false]) {
      const response = refusalResponse(new Refusal('token_invalid', 'expired'), { ...view, page })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      expect(await response.text()).not.toContain('expired')
    }
  })

  it('for being too many says when to come back', () => {
    const response = refusalResponse(new Refusal('rate_limited', 'x', { retryAfterSeconds: 17 }), view)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('17')
  })

  it('says neither where it does not know', () => {
    const response = refusalResponse(new Refusal('access_denied', 'x'), view)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(response.headers.get('retry-after')).toBeNull()
  })

  it.each(['provider_unreachable', 'store_unavailable', 'upstream_timeout', 'rate_limited', 'internal'] as const)(
    'by %s leads to the same address, since it passes',
    async (code) => {
      const text = await refusalResponse(new Refusal(code, 'x'), view).text()
      expect(text).toContain('href="/page?x=1">Try again')
    },
  )

  it('leads nowhere by itself when it does not pass, or asking again would change something', async () => {
    expect(await refusalResponse(new Refusal('origin_mismatch', 'x'), view).text()).not.toContain('href="/page')
    const posted = { ...view, address: undefined }
    expect(await refusalResponse(new Refusal('store_unavailable', 'x'), posted).text()).not.toContain('class="button')
  })

  it('leads where it says itself', async () => {
    const text = await refusalResponse(new Refusal('provider_unreachable', 'x', { retry: '/sign-in' }), view).text()
    expect(text).toContain('href="/sign-in">Try again')
    expect(text).not.toContain('href="/page')
  })

  it('tells of likely causes, on the page and to a program', async () => {
    const loop = new Refusal('sign_in_loop', 'x', { retry: '/' })
    expect((await refusalResponse(loop, view).text()).match(/<li>/g)).toHaveLength(3)
    const json = (await refusalResponse(loop, { requestId: 'r-1', page: false }).json()) as Record<string, string>
    expect(json).toMatchObject({ error: 'sign_in_loop', requestId: 'r-1' })
    expect(json['message']).toMatch(/cookies.*clock.*app itself/)
  })

  it('speaks the language of the person, and English to a program', async () => {
    const german = { ...view, request: { ...request, headers: new Headers({ 'accept-language': 'de' }) } }
    const page = await refusalResponse(new Refusal('not_provisioned', 'x'), german).text()
    expect(page).toContain('<html lang="de">')
    expect(page).toContain('<h1>Sie haben hier noch kein Konto</h1>')
    const json = (await refusalResponse(new Refusal('not_provisioned', 'x'), { ...german, page: false }).json()) as {
      message: string
    }
    expect(json.message).toMatch(/^You have no account here yet\. .*Ask your administrator/)
  })

  it('offers no other language, since asking again may be another answer', async () => {
    const text = await refusalResponse(new Refusal('link_invalid', 'x'), view).text()
    expect(text).not.toContain('hreflang=')
  })

  it('names to the person, and to no program, who was expected and what is accepted', async () => {
    const details = {
      expected: 'alice@acme.example',
      signedIn: 'bob@<b>.example',
      domains: ['acme.example', 'b.example'],
    }
    const refusal = new Refusal('other_person', 'x', { details })
    const text = await refusalResponse(refusal, view).text()
    expect(text).toContain('<dt>Asked for</dt><dd><bdi>alice@acme.example</bdi></dd>')
    expect(text).toContain('<dt>Signed in</dt><dd><bdi>bob@&lt;b&gt;.example</bdi></dd>')
    expect(text).toContain('<bdi>acme.example, b.example</bdi>')
    expect(await refusalResponse(refusal, { ...view, page: false }).text()).not.toMatch(/alice|bob|acme/)
    expect(await refusalResponse(new Refusal('other_person', 'x'), view).text()).not.toContain('<dl')
  })

  it.each([
    ['not_provisioned', 403],
    ['identity_in_use', 409],
    ['link_invalid', 410],
    ['busy', 503],
  ] as const)('%s has the status %d', (code, status) => {
    expect(statusOf(code)).toBe(status)
    expect(refusalResponse(new Refusal(code, 'x'), view).status).toBe(status)
  })

  it('where no site was found is nobody’s page', async () => {
    const text = await refusalResponse(new Refusal('host_unknown', 'x'), { ...view, brand: undefined }).text()
    expect(text).toContain('<bdi>Gatewright</bdi>')
  })
})
