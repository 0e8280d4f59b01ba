import type { RelyingPartySettings } from '../config/index.ts'
import { PROFILES } from './app/profiles/index.ts'
import { callbackUrl } from './pomerium/settings.ts'

/** @returns the callbacks of a relying party's client, for reviewers; none where they are only known when it is made */
export function knownCallbacks(settings: RelyingPartySettings): string[] {
  switch (settings.kind) {
    case 'app':
      return settings.redirectUris ?? PROFILES[settings.app].callbacks(settings.url, settings.identityProvider)
    case 'pomerium':
      return [callbackUrl(settings.url)]
    case 'pangolin':
      return []
  }
}
