import type { Answered, Asked } from '../index.ts'
import { accessFailed, invalid, notFound, page } from './answers.ts'
import { answerPart } from './application-parts.ts'
import { type Application, type ApplicationMembers, assign, newApplication, newSecret, type Tenant } from './tenant.ts'
import { invalidApplication } from './validate.ts'

const MINUTE_MS = 60_000
const RETENTION_MS = 30 * 24 * 60 * MINUTE_MS

/**
 * `…/applications` and everything below.
 * @param rest path below `applications`, in parts
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
 */
export function answerApplications(
  tenant: Tenant,
  actor: Application,
  asked: Asked,
  rest: readonly string[],
): Answered | undefined {
  const [id, part, ...below] = rest
  if (id === undefined) {
    if (asked.method === 'POST') return create(tenant, actor, asked)
    return page(asked, 'applications', [...tenant.applications.values()].map(describe))
  }
  const application = tenant.applications.get(id)
  if (!application) return notFound()
  if (part === 'secret') return answerSecret(tenant, actor, application, asked)
  if (part !== undefined) return answerPart(tenant, actor, application, asked, part, below[0])
  switch (asked.method) {
    case 'GET':
      return { body: describe(application) }
    case 'PUT': {
      const members = JSON.parse(asked.body) as Partial<ApplicationMembers>
      const refused = invalidApplication(tenant, members)
      if (!refused) application.members = { enabled: false, ...members } as ApplicationMembers
      return refused ?? { body: describe(application) }
    }
    case 'DELETE':
      tenant.applications.delete(id)
      return { status: 204 }
  }
  return undefined
}

function create(tenant: Tenant, actor: Application, asked: Asked): Answered {
  const given = JSON.parse(asked.body) as Partial<ApplicationMembers>
  const refused = invalidApplication(tenant, given)
  if (refused) return refused
  const { assignActorRoles = true, ...members } = given
  const application = newApplication({ enabled: false, ...members } as ApplicationMembers)
  if (members.type === 'WORKER' && assignActorRoles) {
    for (const { role } of actor.roleAssignments.values()) assign(application, role.id, tenant.environmentId)
  }
  tenant.applications.set(application.id, application)
  tenant.secretsEverSeen.push(application.secret)
  return { status: 201, body: describe(application) }
}

/** @see https://developer.pingidentity.com/pingone-api/platform/applications/application-secret.html */
function answerSecret(
  tenant: Tenant,
  actor: Application,
  application: Application,
  asked: Asked,
): Answered | undefined {
  // A worker cannot read its own secret.
  if (actor === application) return accessFailed()
  const describeSecret = () => ({
    body: {
      environment: { id: tenant.environmentId },
      secret: application.secret,
      ...(isGood(application.previous) ? { previous: application.previous } : {}),
    },
  })
  if (asked.method === 'GET') return describeSecret()
  if (asked.method === 'DELETE') {
    if (!isGood(application.previous)) return notFound()
    application.previous = undefined
    return { status: 204 }
  }
  if (asked.method !== 'POST') return undefined
  const { previous } = JSON.parse(asked.body || '{}') as { previous?: { expiresAt?: string } }
  const retained = previous?.expiresAt === undefined ? undefined : Date.parse(previous.expiresAt) - Date.now()
  if (retained !== undefined && !(retained >= MINUTE_MS && retained <= RETENTION_MS)) {
    return invalid('previous.expiresAt', 'must be between 1 minute and 30 days from now', 'INVALID_VALUE')
  }
  const former = { secret: application.secret, expiresAt: previous?.expiresAt ?? '' }
  application.previous = retained === undefined ? undefined : former
  application.secret = newSecret()
  tenant.secretsEverSeen.push(application.secret)
  return describeSecret()
}

function isGood(previous: Application['previous']): boolean {
  return previous !== undefined && Date.parse(previous.expiresAt) > Date.now()
}

function describe({ id, members }: Application): object {
  const time = new Date(0).toISOString()
  return { _links: { self: { href: id } }, id, ...members, createdAt: time, updatedAt: time }
}
