import type { RefusedPart } from './reading.ts'

/** The client whose callback was refused. */
export interface RefusedClient {
  /** Of the provider, as the stack file says. */
  kind: string
  clientId: string
  callbackUrl: string
}

/**
 * What somebody has to do so that a provider takes the callback again.
 * @param stack its name, for the commands
 * @returns lines; an address to copy stands in a line of its own
 */
export function adviceFor(part: RefusedPart, client: RefusedClient, stack: string): string[] {
  const { kind, clientId, callbackUrl } = client
  if (kind === 'google') {
    const place = 'https://console.cloud.google.com/auth/clients'
    if (part === 'client')
      return [`Is there a client ${clientId} at ${place}? Its id stands in the stack file as client.id.`]
    return [`At ${place} open the client ${clientId} and paste under "Authorized redirect URIs":`, callbackUrl]
  }
  if (kind === 'oidc') {
    return [
      `Where somebody made the client ${clientId} by hand: in the provider's console, give it the redirect URI`,
      callbackUrl,
      `Where this stack registered it: ${deploy(stack)}`,
    ]
  }
  if (part === 'request') {
    return [
      `Look at the client ${clientId} in the provider's console; what was changed there by hand: ${deploy(stack)}`,
    ]
  }
  return [deploy(stack)]
}

function deploy(stack: string): string {
  const command = stack === 'local' ? 'npm run up' : `npm run up -- ${stack} --yes`
  return `\`${command}\` puts back what this stack registered, and \`npm run review -- ${stack}\` says before what that is.`
}
