import { say } from '../phrase.ts'
import { field, type Plain } from '../plain.ts'
import { placeText } from './places.ts'
import type { Breach, ReviewRule } from './review-rule.ts'

/** Everything that people open goes through the gateway. */
export const singleReplica: ReviewRule = {
  title: 'The gateway has a second replica',
  why: 'While the only one is restarted, moved or broken, nobody reaches any app.',
  advice: 'Have two replicas at least, over a database. Where one machine is all there is, say so.',
  ofLocalStacks: false,
  breaches: ({ stack }) => {
    const target = stack.settings.get('target')
    const kind = field(target, 'kind')
    if (kind === 'process') return [alone('kind', say`everything runs on one machine`)]
    if (kind !== 'kubernetes') return []
    const replicas = field(target, 'replicas')
    const least = typeof replicas === 'object' ? field(replicas, 'min') : replicas
    return least === 1 ? [alone('replicas', say`one replica`)] : []
  },
}

/** A name or a line that is lost in a merge must not delete what people sign in by. */
export const unprotectedRemoval: ReviewRule = {
  title: 'Clients outlive a mistake in the stack file',
  why: 'With removal: allowed, a provider that is renamed or lost in a merge takes its client at the vendor with it, and nobody signs in.',
  advice: 'Say removal: protected; who wants it gone says so in a change of its own.',
  ofLocalStacks: false,
  breaches: ({ stack }) => [
    // A client that somebody made by hand stays in any case.
    ...[...stack.identityProviders].flatMap(([id, provider]) =>
      field(provider, 'client') === undefined ? deletable(['identityProviders', id], provider, 'the client') : [],
    ),
    ...[...stack.relyingParties].flatMap(([id, { settings }]) =>
      deletable(['relyingParties', id], settings, 'what its people sign in by'),
    ),
  ],
}

/** What runs is what was reviewed. */
export const movingImage: ReviewRule = {
  title: 'A container image is named by its version or digest',
  why: 'A tag that moves runs another program after the next restart, which nobody reviewed.',
  advice: 'Name a version, or better the digest: image@sha256:…',
  ofLocalStacks: false,
  breaches: ({ stack }) => {
    const image = field(stack.settings.get('target'), 'image')
    return typeof image === 'string' && isMoving(image) ? [alone('image', say`${image} is another one tomorrow`)] : []
  },
}

function deletable(place: readonly string[], settings: Plain, what: string): Breach[] {
  if (field(settings, 'removal') !== 'allowed') return []
  const lost = { parts: [what] }
  return [{ path: placeText([...place, 'removal']), says: say`its removal deletes ${lost}` }]
}

function alone(name: string, says: Breach['says']): Breach {
  return { path: placeText(['target', name]), says }
}

/** A registry may have a port, which is no tag. */
function isMoving(image: string): boolean {
  if (image.includes('@sha256:')) return false
  const [, tag] = /:([^:/]+)$/.exec(image) ?? []
  return tag === undefined || tag === 'latest'
}
