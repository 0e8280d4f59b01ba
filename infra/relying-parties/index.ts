import type { RelyingPartySettings } from '../config/index.ts'
import { App } from './app/index.ts'
import { Pangolin } from './pangolin/index.ts'
import { Pomerium } from './pomerium/index.ts'
import type { RelyingParty, RelyingPartyContext } from './relying-party.ts'

export { knownCallbacks } from './callbacks.ts'
export { GATEWAY, gatewayClient, type LoginUrls } from './gateway.ts'
export type { RegisteredClient, RelyingParty, RelyingPartyContext } from './relying-party.ts'

/** Makes the relying party that the settings ask for. */
export function createRelyingParty(context: RelyingPartyContext, settings: RelyingPartySettings): RelyingParty {
  switch (settings.kind) {
    case 'app':
      return new App(context, settings)
    case 'pangolin':
      return new Pangolin(context, settings)
    case 'pomerium':
      return new Pomerium(context, settings)
  }
}
