import { parseStack, readStackInput } from './config/index.ts'
import type { Issuers } from './deployed-issuers.ts'
import { Gateway } from './index.ts'
import { requireKnownAddresses } from './known-addresses.ts'
import { programFolders, requireAddresses } from './targets/index.ts'

/**
 * The stack file in, one Gateway, its outputs out.
 * @param deployed issuers of the last deployment, which a preview does not leave
 */
export async function program(deployed: Promise<Issuers>) {
  const input = readStackInput()
  const stack = parseStack(input)
  await requireAddresses(stack, programFolders())
  await requireKnownAddresses(stack, deployed)
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
  }
  return { routes, identityProviders, access, ...some }
}
