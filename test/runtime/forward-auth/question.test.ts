import fc from 'fast-check'
import { expect, it } from 'vitest'

import { createCallers, originalRequest } from '../../../runtime/forward-auth/index.ts'
import { received } from './received.ts'

const callers = createCallers('the-secret')
const shown = { 'x-gatewright-forward-auth': 'the-secret' }

it.each([
  ['/.gatewright/verify', 'unauthorized', undefined],
  ['/.gatewright/verify?sign-in=redirect', 'unauthorized', undefined],
  ['/.gatewright/verify-or-redirect', 'redirect', undefined],
  ['/.gatewright/verify-or-redirect?a=1', 'redirect', undefined],
  ['/.gatewright/verify-or-redirect/', 'redirect', '/'],
  ['/.gatewright/verify-or-redirect/a/b?c=d', 'redirect', '/a/b?c=d'],
  ['/.gatewright/verify-or-redirect//evil', 'redirect', '//evil'],
])('%s is a question', (url, signIn, target) => {
  expect(callers.question(received({ url, headers: shown }))).toEqual({ signIn, target })
})

it.each([
  '/',
  '/.gatewright/verify/',
  '/.gatewright/verify/a',
  '/.gatewright/verifyx',
  '/.gatewright/verify-or-redirectx',
  '/.Gatewright/verify',
  '/a/.gatewright/verify',
  '//.gatewright/verify',
])('%s is none', (url) => {
  expect(callers.question(received({ url, headers: shown }))).toBeUndefined()
})

it.each([
  ['no secret', {}],
  ['an empty one', { 'x-gatewright-forward-auth': '' }],
  ['another', { 'x-gatewright-forward-auth': 'the-secreT' }],
  ['a longer one', { 'x-gatewright-forward-auth': 'the-secret ' }],
  ['it under an alias', { x_gatewright_forward_auth: 'the-secret' }],
  ['it twice', { 'x-gatewright-forward-auth': ['the-secret', 'the-secret'] }],
])('who shows %s asks nothing', (_, headers) => {
  expect(callers.question(received({ url: '/.gatewright/verify', headers }))).toBeUndefined()
})

const byHeaders = { signIn: 'unauthorized', target: undefined } as const
const byPath = { signIn: 'redirect', target: '/a?b' } as const
const three = { 'X-Forwarded-Method': 'POST', 'X-Forwarded-Host': 'wiki.acme.com', 'X-Forwarded-Uri': '/a?b' }

it('headers say which request is meant, whatever the question itself looks like', () => {
  const request = received({ method: 'GET', url: '/.gatewright/verify', headers: { ...three, host: 'gateway:8080' } })
  expect(originalRequest(byHeaders, request)).toEqual({
    method: 'POST',
    host: 'wiki.acme.com',
    target: '/a?b',
    isHandshake: false,
  })
})

it('without headers, method, host and the path behind the address say it', () => {
  const request = received({ method: 'PUT', headers: { host: 'wiki.acme.com', 'x-forwarded-proto': 'gopher' } })
  expect(originalRequest(byPath, request)).toEqual({
    method: 'PUT',
    host: 'wiki.acme.com',
    target: '/a?b',
    isHandshake: false,
  })
})

it.each([
  ['no method', byHeaders, { ...three, 'X-Forwarded-Method': '' }],
  ['no host', byHeaders, { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/' }],
  ['no address', byHeaders, { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Host': 'wiki.acme.com' }],
  ['nothing but a Host', byHeaders, { host: 'wiki.acme.com' }],
  ['two addresses', byHeaders, { ...three, 'X-Forwarded-Uri': ['/public', '/a?b'] }],
  ['two hosts', byHeaders, { ...three, 'X-Forwarded-Host': ['a', 'b'] }],
  ['an address in another spelling beside', byHeaders, { ...three, X_Forwarded_Uri: '/public' }],
  ['an address in another spelling alone', byHeaders, { ...three, 'X-Forwarded-Uri': '', 'X.Forwarded.Uri': '/' }],
  ['a rival source', byHeaders, { ...three, 'X-Original-URL': '/public' }],
  ['a rival source in another spelling', byHeaders, { ...three, x_rewrite_url: '/public' }],
  ['a method that is not served', byHeaders, { ...three, 'X-Forwarded-Method': 'TRACE' }],
  ['a method in small letters', byHeaders, { ...three, 'X-Forwarded-Method': 'get' }],
  ['headers beside the path', byPath, { host: 'wiki.acme.com', 'X-Forwarded-Uri': '/public' }],
])('%s makes it unclear which request is meant', (_, question, headers) => {
  expect(originalRequest(question, received({ headers }))).toHaveProperty('problem')
})

it.each(['sec-websocket-key', 'sec-websocket-version', 'upgrade'])('%s is the mark of a handshake', (name) => {
  expect(originalRequest(byHeaders, received({ headers: { ...three, [name]: 'x' } }))).toHaveProperty(
    'isHandshake',
    true,
  )
})

it('no further header of any name or value changes which request is meant, unless it is refused', () => {
  const name = fc.constantFrom('x-forwarded-uri', 'X_FORWARDED_URI', 'x-original-url', 'x-forwarded-proto', 'x-a')
  const headers = fc.array(fc.tuple(name, fc.string({ maxLength: 8 })), { maxLength: 4 })
  fc.assert(
    fc.property(headers, (added) => {
      const request = received({ headers: three, added })
      const found = originalRequest(byHeaders, request)
      expect('problem' in found || (found.target === '/a?b' && found.host === 'wiki.acme.com')).toBe(true)
    }),
    { seed: 6 },
  )
})
