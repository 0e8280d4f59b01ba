import { expect, it } from 'vitest'

import { hasLookAlike, toldToApp } from '../../../runtime/forward-auth/index.ts'
import { received } from './received.ts'

const names = ['x-gatewright-assertion', 'x-pomerium-jwt-assertion', 'x-webauth-user']
const told = (headers: Record<string, string>, consumed: string[] = []) =>
  toldToApp(received({ headers }), names, [['X-Gatewright-Assertion', 'jwt']], consumed)

it('says every identity header, and empty what is not known', () => {
  expect(told({})).toEqual({
    'x-gatewright-assertion': 'jwt',
    'x-pomerium-jwt-assertion': '',
    'x-webauth-user': '',
    cookie: '',
    authorization: '',
  })
})

it('says nothing of what the client claims to be', () => {
  expect(told({ 'x-webauth-user': 'mallory', 'x-gatewright-assertion': 'forged' })).toMatchObject({
    'x-webauth-user': '',
    'x-gatewright-assertion': 'jwt',
  })
})

it('gives the client’s cookies back without ours', () => {
  expect(told({ cookie: 'a=1; __Host-gatewright-session=s; b=2' })['cookie']).toBe('a=1; b=2')
  expect(told({ cookie: '__Host-gatewright-session=s' })['cookie']).toBe('')
})

it('gives credentials back unless they were ours', () => {
  expect(told({ authorization: 'Basic eA==' })['authorization']).toBe('Basic eA==')
  expect(told({ authorization: 'Bearer ours' }, ['authorization'])['authorization']).toBe('')
})

it('gives no credential of the client back where the app is told by a bearer', () => {
  const headers = { authorization: 'Bearer forged' }
  expect(toldToApp(received({ headers }), [...names, 'authorization'], [], [])['authorization']).toBe('')
  const identity = [['Authorization', 'Bearer jwt']] as const
  expect(toldToApp(received({ headers }), [...names, 'authorization'], identity, [])['authorization']).toBe(
    'Bearer jwt',
  )
})

it.each(['X_Gatewright_Assertion', 'x.webauth.user', 'X-WEBAUTH_USER'])('%s looks like one of ours', (name) => {
  expect(hasLookAlike(received({ headers: { [name]: 'forged' } }), names)).toBe(true)
})

it.each(['X-Gatewright-Assertion', 'x-webauth-user', 'Cookie', 'AUTHORIZATION', 'X-Webauth-Users'])(
  '%s does not, since the proxy replaces it, or no app takes it for one',
  (name) => {
    expect(hasLookAlike(received({ headers: { [name]: 'x' } }), names)).toBe(false)
  },
)
