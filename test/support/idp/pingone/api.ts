import type { Asked, Handler } from '../index.ts'
import { accessFailed, invalidToken, notFound, page } from './answers.ts'
import { answerApplications } from './applications.ts'
import { type Application, rolesOf, type Tenant } from './tenant.ts'

/** Any of these roles may use the collection; the first names say read and write. */
const rights: Record<string, string[]> = {
  applications: ['Client Application Developer', 'Environment Admin'],
  resources: ['Client Application Developer', 'Environment Admin'],
  groups: ['Identity Data Read Only', 'Identity Data Admin'],
  roles: ['Client Application Developer', 'Environment Admin'],
}

/**
 * The platform API of a tenant.
 * @param origin where it answers
 */
export function createApi(tenant: Tenant, origin: () => string): Handler {
  return (asked) => {
    if (asked.url.origin !== origin()) return undefined
    const actor = actorOf(tenant, asked)
    if (!actor) return invalidToken()
    const [version, ...path] = asked.url.pathname.slice(1).split('/')
    if (version !== 'v1') return notFound()
    const isGlobal = path[0] === 'roles'
    if (!isGlobal && (path[0] !== 'environments' || path[1] !== tenant.environmentId)) return notFound()
    const [collection = '', ...rest] = isGlobal ? path : path.slice(2)
    if (!rolesOf(tenant, actor).some((role) => rights[collection]?.includes(role))) return accessFailed()
    switch (collection) {
      case 'applications':
        return answerApplications(tenant, actor, asked, rest) ?? notFound()
      case 'groups':
        return page(asked, 'groups', tenant.groups)
      case 'roles':
        return page(asked, 'roles', tenant.roles)
      case 'resources': {
        const [id, part] = rest
        if (id === undefined) {
          const named = tenant.resources.map((known) => ({ id: known.id, name: known.name, type: known.type }))
          return page(asked, 'resources', named)
        }
        const resource = tenant.resources.find((known) => known.id === id)
        return resource && part === 'scopes' ? page(asked, 'scopes', resource.scopes) : notFound()
      }
    }
    return notFound()
  }
}

/** An application that has been deleted or disabled has no more rights. */
function actorOf(tenant: Tenant, { headers }: Asked): Application | undefined {
  const actor = tenant.tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '')
  return actor && tenant.applications.has(actor.id) && actor.members.enabled ? actor : undefined
}
