import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import type { Properties } from '../../../../infra/provider/properties.ts'
import { type EntraVendor, startEntra } from '../../../support/idp/entra/index.ts'
import { type Application, newObject, newPassword, type ServicePrincipal } from '../../../support/idp/entra/store.ts'
import { createCertificate } from '../../../support/idp/index.ts'

/** An emulated tenant that this process trusts, with what tests put into it. */
export interface TrustedEntra extends EntraVendor {
  /** As resources and functions are given it. */
  administration: Properties
  /** Puts an application there that every replica knows; its owner is the administrator unless it is said. */
  addApplication(name: string, changes?: Partial<Application>): Application
  addServicePrincipal(name: string): ServicePrincipal
  /** Empties it, and has it behave. */
  reset(): void
}

export async function startTrustedEntra(): Promise<TrustedEntra> {
  const certificate = createCertificate()
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, certificate.cert])
  const entra = await startEntra(certificate)
  const { store, authority, faults, log } = entra
  const { objectId, clientId, secret: clientSecret } = store.administrator
  const [graph] = store.servicePrincipals.values()
  return {
    ...entra,
    administration: { authority, tenantId: store.tenantId, clientId, clientSecret },
    addApplication(name, changes = {}) {
      const properties = { web: { redirectUris: [] }, groupMembershipClaims: null, optionalClaims: null }
      const application = { ...newObject(name, [objectId]), passwords: [], properties, unknownFor: 0, ...changes }
      store.applications.set(application.id, application)
      return application
    },
    addServicePrincipal(name) {
      const base = { ...newObject(name, [objectId]), unknownFor: 0 }
      const principal = { ...base, appRoleAssignmentRequired: true, appRoles: [], properties: {} }
      store.servicePrincipals.set(principal.id, principal)
      return principal
    },
    reset() {
      for (const map of [store.applications, store.servicePrincipals, store.assignments]) map.clear()
      if (graph) store.servicePrincipals.set(graph.id, graph)
      delete faults.before
      delete faults.after
      log.length = 0
    },
    async close() {
      await entra.close()
      setDefaultCACertificates(trusted)
      certificate.remove()
    },
  }
}

/** A secret of an application, made by somebody. */
export function addSecret(application: Application, displayName: string, endDateTime = '2099-01-01T00:00:00Z') {
  const password = newPassword(`text-of-${displayName}`, displayName, endDateTime)
  application.passwords.push(password)
  return password
}
