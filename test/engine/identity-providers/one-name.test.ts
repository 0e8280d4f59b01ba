import { describe, expect, it } from 'vitest'

import { startAuth0 } from '../../support/idp/auth0/index.ts'
import { createCertificate, type TestCertificate, type Vendor } from '../../support/idp/index.ts'
import { createProject, type Outcome, type Project } from '../../support/project.ts'
import { vendorStackFile } from '../../support/stack-file.ts'

async function wellEnded(command: Promise<Outcome>): Promise<void> {
  const outcome = await command
  if (outcome.code !== 0) throw new Error(outcome.text)
}

describe('two stacks of one name in one tenant, as two developers have them', () => {
  it('leave each other’s clients alone while they come and go', async () => {
    const certificate = createCertificate()
    const vendor = await startAuth0(certificate)
    const mine = await project(vendor, certificate)
    const yours = await project(vendor, certificate)
    try {
      await wellEnded(mine.run('up'))
      const [before, secrets] = [vendor.inventory(), vendor.liveSecrets()]
      await wellEnded(yours.run('up'))
      expect(vendor.inventory()).toHaveLength(2 * before.length)
      expect(vendor.redirectUris()).toEqual([mine, yours].map(({ login }) => `${login}/callback/customers`))
      expect(vendor.liveSecrets()).toEqual(expect.arrayContaining(secrets))
      await wellEnded(yours.run('down'))
      expect(vendor.inventory()).toEqual(before)
      expect(vendor.liveSecrets()).toEqual(secrets)
      await wellEnded(mine.pulumi('preview', '-s', 'local', '--expect-no-changes'))
    } finally {
      await mine.remove()
      await yours.remove()
      await vendor.close()
      certificate.remove()
    }
  })
})

function project(vendor: Vendor, { file }: TestCertificate): Promise<Project> {
  return createProject({
    plugins: ['auth0'],
    environment: { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file, ...vendor.environment },
    stackFile: (ports) => vendorStackFile(ports, { identityProviders: { customers: vendor.settings } }),
  })
}
