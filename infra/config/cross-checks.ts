import { checkAccounts, checkMail } from './account-checks.ts'
import { checkBrands } from './brand-checks.ts'
import { resolveBrands } from './brands.ts'
import { checkRuleClaims } from './claim-checks.ts'
import { homeTenant, type IdentityProviderSettings } from './identity-providers/index.ts'
import { checkKubernetes } from './kubernetes/index.ts'
import { isLocalOrigin, localListener } from './local-addresses.ts'
import { type Problem, pathText, type Report, unknownName } from './problems.ts'
import { checkPrograms } from './program-checks.ts'
import { checkRelyingParties } from './relying-party-checks.ts'
import { checkRoutes } from './route-checks.ts'
import type { StackParts } from './schema.ts'
import { checkNothingRuns } from './target-checks.ts'

/** A word of `npm run rotate` that no provider can have. */
const KEYS = 'keys'

/** What no single field can know: names that must exist, addresses that must not meet. */
export function crossChecks(stack: StackParts): Problem[] {
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push({ path: pathText(path), message })
  const brands = resolveBrands({ ...stack, identityProviders: stack.names.identityProviders })
  checkProviders(stack, report)
  checkTenants(stack, report)
  checkBrands(stack, brands, report)
  checkRoutes(stack, brands, report)
  checkMail(stack, brands, report)
  checkAccounts(stack, brands, report)
  checkAdmins(stack, report)
  checkPrograms(stack, report)
  checkSampleApp(stack, report)
  checkListeners(stack, report)
  checkKubernetes(stack, brands, report)
  checkNothingRuns(stack, report)
  checkRelyingParties(stack, brands, report)
  return problems
}

function checkProviders(stack: StackParts, report: Report): void {
  const users = new Map<string, string>()
  for (const [id, provider] of Object.entries(stack.identityProviders)) {
    const path = ['identityProviders', id]
    if (id === KEYS) report(path, '`npm run rotate -- <stack> keys` means the gateway’s own keys: give it another name')
    if (provider.emailTrust === 'trust-idp' && provider.allowedDomains.length === 0) {
      report(
        [...path, 'emailTrust'],
        'trust-idp believes any address: say in allowedDomains which domains this provider owns',
      )
    }
    for (const user of provider.kind === 'local' ? Object.keys(provider.people) : []) {
      const other = users.get(user)
      if (other)
        report(
          [...path, 'people', user],
          `there is a ${user} at ${other} already: the stack's people are known by name`,
        )
      users.set(user, id)
    }
    if (provider.kind === 'local' && !isLocalOrigin(provider.url)) {
      report([...path, 'url'], 'a provider of kind local is for this machine only: use http://<name>.localhost:<port>')
    }
  }
}

/** A client is found by its name there, which is the stack's: two providers would take it from each other. */
function checkTenants(stack: StackParts, report: Report): void {
  const owners = new Map<string, string>()
  for (const [id, provider] of Object.entries(stack.identityProviders)) {
    const tenant = tenantOf(provider)
    const other = tenant === undefined ? undefined : owners.get(tenant)
    if (other !== undefined) {
      report(
        ['identityProviders', id],
        `registers in the same tenant as ${other}: have one provider for it, and say at the routes who may pass`,
      )
    }
    if (tenant !== undefined) owners.set(tenant, id)
  }
}

/** @returns nothing for a kind whose clients are told apart by more than the stack's name */
function tenantOf(provider: IdentityProviderSettings): string | undefined {
  switch (provider.kind) {
    case 'auth0':
    case 'okta':
      return `${provider.kind} ${provider.domain}`
    case 'entra':
      return `entra ${provider.authority} ${homeTenant(provider).toLowerCase()}`
    case 'keycloak':
      return `keycloak ${provider.url} ${provider.basePath ?? ''} ${provider.realm}`
    case 'pingone':
      return `pingone ${provider.domain} ${provider.environmentId.toLowerCase()}`
    case 'google':
    case 'local':
    case 'oidc':
    case 'pocket-id':
      return undefined
  }
}

/** Administrators come from any provider of the stack. */
function checkAdmins(stack: StackParts, report: Report): void {
  const at: Report = (_, message) => report(['admins'], message)
  checkRuleClaims(stack, { rule: stack.admins, accepted: stack.names.identityProviders, of: 'the stack' }, at)
}

function checkSampleApp({ sampleApp, routes, names }: StackParts, report: Report): void {
  if (!sampleApp) return
  const route = ownRoute({ sampleApp, routes })
  if (!names.routes.includes(sampleApp.route)) {
    report(['sampleApp', 'route'], unknownName(sampleApp.route, names.routes, 'route'))
  } else if (route && (route.to?.length !== 1 || !isLocalOrigin(route.to[0] ?? ''))) {
    report(['routes', sampleApp.route, 'to'], 'the sample app runs here: use http://127.0.0.1:<port>')
  }
}

function checkListeners(stack: StackParts, report: Report): void {
  const owners = new Map<number, string>()
  for (const { port, path } of listeners(stack)) {
    const taken = owners.get(port)
    if (taken) report(path, `port ${port} is already used by ${taken}`)
    owners.set(port, path.join('.'))
  }
}

type Listening = Pick<StackParts, 'identityProviders' | 'routes' | 'target'> & {
  sampleApp?: StackParts['sampleApp']
  mail?: StackParts['mail']
}

/** Every address that a program of the stack listens on, with the place in the stack file that says so. */
export function listeners(stack: Listening): { host: string; port: number; path: string[] }[] {
  const providers = Object.entries(stack.identityProviders).flatMap(([id, provider]) =>
    provider.kind === 'local' ? [{ ...localListener(provider.url), path: ['identityProviders', id, 'url'] }] : [],
  )
  const [sample] = ownRoute(stack)?.to ?? []
  return [
    ...(stack.target?.kind === 'process'
      ? [
          { ...stack.target.listen, path: ['target', 'listen'] },
          { ...stack.target.admin, path: ['target', 'admin'] },
        ]
      : []),
    ...providers,
    ...(stack.mail?.kind === 'local'
      ? [
          { ...localListener(stack.mail.url), path: ['mail', 'url'] },
          { ...stack.mail.smtp, path: ['mail', 'smtp'] },
        ]
      : []),
    ...(stack.sampleApp && sample !== undefined
      ? [{ ...localListener(sample), path: ['routes', stack.sampleApp.route, 'to'] }]
      : []),
  ]
}

function ownRoute({ sampleApp, routes }: Pick<Listening, 'sampleApp' | 'routes'>) {
  return sampleApp && Object.hasOwn(routes, sampleApp.route) ? routes[sampleApp.route] : undefined
}
