import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { createCertificate } from '../index.ts'
import { type PingOneVendor, startPingOne } from './index.ts'

/** An emulated environment that this very process trusts, for tests of the provider without its process. */
export interface TrustedPingOne {
  vendor: PingOneVendor
  /** Where it is, and the administrator's credentials, as resources take them. */
  connection: { domain: string; environmentId: string; credentials: { clientId: string; clientSecret: string } }
  /** Makes the tenant empty and takes all faults away. */
  reset(): void
  close(): Promise<void>
}

export async function startTrustedPingOne(): Promise<TrustedPingOne> {
  const certificate = createCertificate()
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate.cert])
  const vendor = await startPingOne(certificate)
  const { administrator, applications, environmentId, tokens } = vendor.tenant
  return {
    vendor,
    connection: {
      domain: vendor.domain,
      environmentId,
      credentials: { clientId: administrator.id, clientSecret: administrator.secret },
    },
    reset() {
      for (const id of applications.keys()) if (id !== administrator.id) applications.delete(id)
      for (const [token, owner] of tokens) if (owner !== administrator) tokens.delete(token)
      vendor.faults.before = undefined
      vendor.faults.after = undefined
      vendor.log.length = 0
    },
    async close() {
      setDefaultCACertificates(before)
      certificate.remove()
      await vendor.close()
    },
  }
}
