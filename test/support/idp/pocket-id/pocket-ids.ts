import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import { createCertificate } from '../tls.ts'
import { type PocketIdVendor, type SecretsApi, startPocketId } from './index.ts'

/** A Pocket ID from before 2.14 and one from after, trusted by this process. */
export type PocketIds = Record<SecretsApi, PocketIdVendor> & {
  /** Empties both, and has them behave. */
  reset(): void
  close(): Promise<void>
}

export async function startPocketIds(): Promise<PocketIds> {
  const certificate = createCertificate()
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, certificate.cert])
  const [one, several] = await Promise.all([startPocketId(certificate, 'one'), startPocketId(certificate, 'several')])
  return {
    one,
    several,
    reset() {
      for (const { tenant, faults, log } of [one, several]) {
        tenant.clients.clear()
        delete faults.before
        delete faults.after
        log.length = 0
      }
    },
    async close() {
      await Promise.all([one.close(), several.close()])
      setDefaultCACertificates(trusted)
      certificate.remove()
    },
  }
}
