import { identifyCluster } from './cluster/index.ts'
import { parseStack, readStackInput } from './config/index.ts'
import { Gateway } from './index.ts'
import { requireKnownAddresses } from './known-addresses.ts'
import type { LastDeployment } from './last-deployment.ts'
import { programFolders, requireAddresses } from './targets/index.ts'

/**
 * The stack file in, one Gateway, its outputs out.
 * @param deployed what the last deployment was in touch with, which a preview does not leave
 */
export async function program(deployed: Promise<LastDeployment>) {
  const input = readStackInput()
  const stack = parseStack(input)
  await requireAddresses(stack, programFolders())
  const cluster = await identifyCluster(stack)
  await requireKnownAddresses(stack, cluster, deployed)
  const gateway = new Gateway('gateway', input)
  const {
    authenticateUrl,
    brands,
    administrators,
    mailbox,
    routes,
    identityProviders,
    access,
    people,
    directories,
    serviceAccounts,
    programs,
    relyingParties,
    relyingPartySettings,
  } = gateway
  // An output that is there and undefined gets a warning at each preview.
  const some = {
    ...(authenticateUrl !== undefined && { authenticateUrl }),
    ...(brands && { brands }),
    ...(administrators && { administrators }),
    ...(mailbox !== undefined && { mailbox }),
    ...(people && { people }),
    ...(directories && { directories }),
    ...(serviceAccounts && { serviceAccounts, programs }),
    ...(relyingParties && { relyingParties }),
    ...(relyingPartySettings && { relyingPartySettings }),
    ...(cluster && { cluster }),
  }
  return { routes, identityProviders, access, ...some }
}
