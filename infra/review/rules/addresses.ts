import { say } from '../phrase.ts'
import { allLeaves, type Place, placeText } from './places.ts'
import type { Breach, ReviewRule } from './review-rule.ts'

/** Where codes and tokens are sent to: an attacker needs one host, or one path, that the pattern has and nobody watches. */
export const wildcardRedirectUri: ReviewRule = {
  title: 'Sign-ins are sent back to exact addresses',
  why: 'Whoever gets hold of one address that a pattern has, such as a forgotten subdomain, is sent codes of people who sign in (RFC 9700 §4.1).',
  advice: 'Write each address out. Where hosts come and go, keep a zone for them alone, and say so.',
  ofLocalStacks: true,
  breaches: ({ stack }) => allLeaves(stack).filter(isRedirect).flatMap(withPattern),
}

/** What people’s browsers, codes and tokens pass through; what the gateway itself asks on this machine does not leave it. */
export const insecureAddress: ReviewRule = {
  title: 'Who signs in does so by https',
  why: 'The address is in the clear, and means another machine for everybody who opens it elsewhere.',
  advice: 'Use the https address that people have. Only a stack on this machine alone may do without.',
  ofLocalStacks: false,
  breaches: ({ stack }) =>
    allLeaves(stack)
      .filter(({ path }) => isMetByPeople(path))
      .flatMap(({ path, value }) =>
        typeof value === 'string' && value.startsWith('http://')
          ? [{ path: placeText(path), says: say`${value} is not https` }]
          : [],
      ),
}

function isMetByPeople(path: readonly string[]): boolean {
  const [part, , field] = path
  if (part === 'routes') return field === 'from' || (field === 'redirect' && path[3] === 'to')
  return part === 'brands' || part === 'identityProviders' || part === 'relyingParties' || part === 'tokenIssuers'
}

/** The gateway hands sign-ins over to the hosts of its routes as providers do to a client’s addresses. */
function isRedirect({ path }: Place): boolean {
  const [part, , field = ''] = path
  return part === 'routes' ? field === 'from' : part === 'relyingParties' && /ur[il]s?$/i.test(field)
}

function withPattern({ path, value }: Place): Breach[] {
  return typeof value === 'string' && value.includes('*')
    ? [{ path: placeText(path), says: say`${value} is a pattern` }]
    : []
}
