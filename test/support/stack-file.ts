import { stringify } from 'yaml'

import type { Project } from './project.ts'

/** A local stack's file that is to register with vendors. */
export interface VendorStack {
  /** As under `identityProviders` in the stack file. */
  identityProviders: Record<string, object>
  /** Of the login page, under `gw.localhost`; default: `login`. */
  loginHost?: string
  /** The rule of the one route; default: people in staff. */
  allow?: string
  /** Whether the sample app stands behind the route; default: yes. */
  sampleApp?: boolean
}

/** Writes the file, with the sample app behind its one route. */
export function vendorStackFile(
  { gateway, admin, app }: Project['ports'],
  { identityProviders, loginHost = 'login', allow = '"staff" in user.groups', sampleApp = true }: VendorStack,
): string {
  return stringify({
    config: {
      'gatewright:url': `http://${loginHost}.gw.localhost:${gateway}`,
      // Each test sees the page from which people choose.
      'gatewright:brands': { default: { autoRedirect: false } },
      'gatewright:identityProviders': identityProviders,
      'gatewright:routes': {
        hello: { from: `http://hello.gw.localhost:${gateway}`, to: `http://127.0.0.1:${app}`, allow },
      },
      ...(sampleApp && { 'gatewright:sampleApp': { route: 'hello' } }),
      'gatewright:target': { kind: 'process', listen: `127.0.0.1:${gateway}`, admin: `127.0.0.1:${admin}` },
    },
  })
}
