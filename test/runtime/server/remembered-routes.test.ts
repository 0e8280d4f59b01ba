import { expect, it } from 'vitest'

import { rememberedRoutes } from '../../../runtime/server/remembered-routes.ts'

const route = { id: 'shop' }
const site = (origin: string): { origin: string } => ({ origin })

it('keeps a route of a host apart from the same route of another', () => {
  const places = rememberedRoutes<typeof route, object>(10)
  const [one, other] = [places(), places()]
  const made = site('https://a.acme.com')
  one.set(route, made)
  expect(one.get(route)).toBe(made)
  expect(other.get(route)).toBeUndefined()
})

it('forgets what nobody asked for the longest, however many hosts are made up', () => {
  const places = rememberedRoutes<typeof route, object>(10)
  const [used, idle] = [places(), places()]
  used.set(route, site('https://used.acme.com'))
  idle.set(route, site('https://idle.acme.com'))
  const others = Array.from({ length: 100 }, (_, index) => {
    const place = places()
    place.set(route, site(`https://h${index}.acme.com`))
    expect(used.get(route)).toBeDefined()
    return place
  })
  expect(idle.get(route)).toBeUndefined()
  expect([used, ...others].filter((place) => place.get(route) !== undefined)).toHaveLength(10)
})

it('forgets routes of one host as well', () => {
  const place = rememberedRoutes<number, object>(10)()
  for (let index = 0; index < 100; index += 1) place.set(index, site('https://a.acme.com'))
  expect(Array.from({ length: 100 }, (_, index) => place.get(index)).filter(Boolean)).toHaveLength(10)
})
