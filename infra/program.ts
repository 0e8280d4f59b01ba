import { parseStack, readStackInput } from './config/index.ts'
import { Gateway } from './index.ts'
import { programFolders, requireAddresses } from './targets/index.ts'

/** Pulumi's `main`: the stack file in, one Gateway, its outputs out. */
export default async function program() {
  const input = readStackInput()
  await requireAddresses(parseStack(input), programFolders())
  const { authenticateUrl, routes, identityProviders, access, people, directories } = new Gateway('gateway', input)
  // An output that is there and undefined gets a warning at each preview.
  const some = { ...(people && { people }), ...(directories && { directories }) }
  return { authenticateUrl, routes, identityProviders, access, ...some }
}
