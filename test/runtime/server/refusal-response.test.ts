import { describe, expect, it } from 'vitest'

import { Refusal } from '../../../runtime/refusal.ts'
import { refusalResponse } from '../../../runtime/server/refusal-response.ts'

const view = { requestId: 'r-1', page: true, brandName: 'Acme', address: '/page?x=1' }

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
    const json = (await refusalResponse(loop, { ...view, page: false }).json()) as Record<string, string>
    expect(json).toMatchObject({ error: 'sign_in_loop', requestId: 'r-1' })
    expect(json['message']).toMatch(/cookies.*clock.*app itself/)
  })
})
