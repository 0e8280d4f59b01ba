import { parseStack, readStackInput } from './config/index.ts'
import { Gateway } from './index.ts'
import { requireKnownAddresses } from './known-addresses.ts'
import { programFolders, requireAddresses } from './targets/index.ts'

/** Pulumi's `main`: the stack file in, one Gateway, its outputs out. */
export default async function program() {
  const input = readStackInput()
  const stack = parseStack(input)
  await requireAddresses(stack, programFolders())
  await requireKnownAddresses(stack)
  const { authenticateUrl, routes, identityProviders, access, people, directories } = new Gateway('gateway', input)
  // An output that is there and undefined gets a warning at each preview.
  const some = { ...(people && { people }), ...(directories && { directories }) }
  return { authenticateUrl, routes, identityProviders, access, ...some }
}
