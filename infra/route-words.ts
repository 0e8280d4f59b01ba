import type { RouteSettings } from './config/index.ts'

/** What a route's action and paths are read from; a reviewer's reading of a stack file has them, too. */
export type RoutePlace = Pick<
  RouteSettings,
  'from' | 'prefix' | 'path' | 'pattern' | 'to' | 'redirect' | 'respond' | 'forwardAuth'
>

/** @returns where a route is and what answers there, for the stack's outputs */
export function describeRoute(route: RoutePlace): Record<string, string> {
  const [name, value] = answererOf(route)
  return { from: addressOf(route), [name]: value }
}

/** @returns origin and paths: `https://a.example`, `https://a.example/api`, `https://a.example, path /x` */
export function addressOf({ from, prefix = '/', path, pattern }: RoutePlace): string {
  if (path !== undefined) return `${from}, path ${path}`
  if (pattern !== undefined) return `${from}, paths like ${pattern}`
  return prefix === '/' ? from : `${from}${prefix}`
}

/** @returns what answers, in words that can be compared: another text is another answerer */
export function answerWords(route: RoutePlace): string {
  const [name, value] = answererOf(route)
  return name === 'to' ? value : name === 'forwardAuth' ? value : `${name} ${value}`
}

function answererOf({ to, redirect, respond, from }: RoutePlace): [string, string] {
  if (to) return ['to', to.join(', ')]
  if (redirect) {
    const { to: origin = from, path, prefix, status } = redirect
    return ['redirect', `${status} to ${origin}${path ?? prefix ?? ''}`]
  }
  return respond ? ['respond', String(respond.status)] : ['forwardAuth', 'another proxy, which asks here']
}
