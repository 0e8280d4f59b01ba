import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { type PocketIdVendor, startPocketId } from '../idp/pocket-id/index.ts'
import { createCertificate, type TestCertificate } from '../idp/tls.ts'
import { type Addressing, startPangolin, type TestPangolin } from './index.ts'

/** A Pangolin of each sort, and a Pocket ID to sign in at, trusted by this process. */
export type Pangolins = Record<Addressing, TestPangolin> & {
  pocketId: PocketIdVendor
  certificate: TestCertificate
  /** Empties all, and has them behave. */
  reset(): void
  close(): Promise<void>
}

export async function startPangolins(): Promise<Pangolins> {
  const certificate = createCertificate()
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, certificate.cert])
  const [endpoints, discovery, pocketId] = await Promise.all([
    startPangolin(certificate, 'endpoints'),
    startPangolin(certificate, 'discovery'),
    startPocketId(certificate),
  ])
  return {
    endpoints,
    discovery,
    pocketId,
    certificate,
    reset() {
      endpoints.reset()
      discovery.reset()
      pocketId.tenant.clients.clear()
      delete pocketId.faults.before
      delete pocketId.faults.after
      pocketId.log.length = 0
    },
    async close() {
      await Promise.all([endpoints.close(), discovery.close(), pocketId.close()])
      setDefaultCACertificates(trusted)
      certificate.remove()
    },
  }
}
