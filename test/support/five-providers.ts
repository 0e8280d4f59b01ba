import { startAuth0 } from './idp/auth0/index.ts'
import { startEntra } from './idp/entra/index.ts'
import { createCertificate, type Vendor } from './idp/index.ts'
import { startOkta } from './idp/okta/index.ts'
import { startPingOne } from './idp/pingone/index.ts'
import { createProject, type Project } from './project.ts'
import { vendorStackFile } from './stack-file.ts'

/** Five tenants of four vendors, with certificate and environment for stacks that register with all of them. */
export interface FiveProviders {
  /** By their ids in the stack file. */
  vendors: Record<'staff' | 'contractors' | 'microsoft' | 'customers' | 'partners', Vendor>
  /** @param host of the login page, under `gw.localhost` */
  createProject(host: string): Promise<Project>
  close(): Promise<void>
}

export async function startFiveProviders(): Promise<FiveProviders> {
  const certificate = createCertificate()
  const [staff, contractors, microsoft, customers, partners] = await Promise.all([
    startOkta(certificate),
    startOkta(certificate),
    startEntra(certificate),
    startAuth0(certificate),
    startPingOne(certificate),
  ])
  const vendors = { staff, contractors, microsoft, customers, partners }
  // Each with variables of its own: two tenants of one vendor have two tokens.
  const prefixed = Object.entries(vendors).map(([id, vendor]) => ({
    id,
    settings: withPrefix(vendor.settings, `${id.toUpperCase()}_`) as Record<string, unknown>,
    environment: Object.entries(vendor.environment).map(([name, value]) => [`${id.toUpperCase()}_${name}`, value]),
  }))
  const environment = {
    NODE_EXTRA_CA_CERTS: certificate.file,
    SSL_CERT_FILE: certificate.file,
    ...Object.fromEntries(prefixed.flatMap((provider) => provider.environment)),
  }
  return {
    vendors,
    createProject: (host) =>
      createProject({
        plugins: ['okta', 'azuread', 'auth0'],
        environment: environment as Record<string, string>,
        stackFile: (ports) => {
          const identityProviders = Object.fromEntries(prefixed.map(({ id, settings }) => [id, settings]))
          return vendorStackFile(ports, { identityProviders, loginHost: host, sampleApp: false })
        },
      }),
    async close() {
      await Promise.all(Object.values(vendors).map((vendor) => vendor.close()))
      certificate.remove()
    },
  }
}

/** Renames the environment variables that settings name. */
function withPrefix(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withPrefix(item, prefix))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'env' && typeof inner === 'string' ? prefix + inner : withPrefix(inner, prefix),
    ]),
  )
}
