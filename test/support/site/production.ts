import { readFile } from 'node:fs/promises'

import type { EntraVendor } from '../idp/entra/index.ts'
import type { GoogleVendor } from '../idp/google/index.ts'
import type { OktaVendor } from '../idp/okta/index.ts'

/** The tenants of the worked example, emulated. */
export interface ProductionVendors {
  okta: OktaVendor
  entra: EntraVendor
  google: GoogleVendor
}

const FILE = new URL('../../../stacks/Pulumi.production.yaml', import.meta.url)

/** Every upstream that the worked example names. */
export const PRODUCTION_APPS = [
  'grafana.monitoring.svc.cluster.local:3000',
  'wiki.wiki.svc.cluster.local:8080',
  'shop-1.shop.svc.cluster.local:8080',
  'shop-2.shop.svc.cluster.local:8080',
  'portal.partners.svc.cluster.local:8080',
  'status.monitoring.svc.cluster.local:8080',
]

/** Where a host of the worked example is in a test: below one name, for which there is a certificate, on the edge's port. */
export function hostInTest(host: string, port: number): string {
  return `https://${host.replace(/\.example$/, '').replaceAll('.', '-')}.gw.localhost:${port}`
}

/**
 * The worked example as it is, but for addresses and the ids that vendors choose: each of these has to be there once.
 * @param port of the edge
 * @throws Error when the example no longer has what is to be replaced
 */
export async function productionStackFile({ okta, entra, google }: ProductionVendors, port: number): Promise<string> {
  const { authority, tenantId, credentials } = entra.settings as Record<string, string> & {
    credentials: { clientId: string }
  }
  const replacements: [string | RegExp, string][] = [
    ['domain: acme.okta.com', `domain: ${String(okta.settings['domain'])}`],
    [/tenantId: \S+/, `authority: ${authority}\n      tenantId: ${tenantId}`],
    [/clientId: [^,]+/, `clientId: ${credentials.clientId}`],
    [/(kind: google)(.*)/, `$1$2\n      issuer: ${String(google.settings['issuer'])}`],
    [/id: \S+\.apps\.googleusercontent\.com/, `id: ${google.tenant.client.id}`],
    ['{ context: production }', '{ kubeconfig: { env: TEST_KUBECONFIG } }'],
    ['10.244.0.0/16', '10.0.0.0/8'],
  ]
  const example = await readFile(FILE, 'utf8')
  const replaced = replacements.reduce((text, [from, to]) => {
    if (text.split(from).length < 2) throw new Error(`the worked example has no ${String(from)}`)
    return text.replace(from, to)
  }, example)
  return replaced.replaceAll(/https:\/\/([a-z.]+\.example)\b/g, (_, host: string) => hostInTest(host, port))
}
