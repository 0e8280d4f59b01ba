import { nextSecretName, rotationSteps, SECRETS_AT_ONCE } from '../../infra/identity-providers/rotation.ts'
import { Failure } from '../command/index.ts'
import { readClientSecrets, writeClientSecrets } from '../workspace/index.ts'
import type { Rotation } from './rotation.ts'

/**
 * A new client secret takes over from the old one, with both of them good in between. Where somebody has to give the new one
 * to other software, the rotation stops there: the same command leads it to its end.
 * @param file the stack file
 * @throws Failure `rotation_by_hand`, `rotation_ambiguous`, `stack_file_invalid`, `provider_unknown`
 */
export function clientSecretRotation(file: string, provider: string): Rotation {
  const { steps, waitsFor } = planSteps(file, provider)
  const [preferred] = steps.at(-1) ?? []
  return {
    steps: steps.map((names) => ({
      says: describe(names),
      write: () => writeClientSecrets(file, provider, names),
      waitSeconds: 0,
      reasons: [],
    })),
    done:
      waitsFor.length === 0
        ? `${provider} uses the client secret "${preferred}", and the old one is gone.`
        : `${provider} has the client secret "${preferred}", and the old one is still good: see to it that ${waitsFor.join(', ')} ` +
          'have theirs (relyingPartySettings, or their Secret), and run the same command again: then the old one goes.',
  }
}

/** @returns the states to deploy, and which relying parties have to be given their secret before any other one */
function planSteps(file: string, provider: string): { steps: string[][]; waitsFor: string[] } {
  const { kind, isBrought, isPublic, names = ['first'], relyingParties } = readClientSecrets(file, provider)
  if (isPublic) {
    throw new Failure('rotation_by_hand', `The client at ${provider} shows no credential: there is nothing to rotate.`)
  }
  if (isBrought) {
    throw new Failure(
      'rotation_by_hand',
      `The client at ${provider} was made by hand, and so is its secret: make a second one there, set it as client.secret and ` +
        'the former one as client.previousSecret, run `npm run up`; then delete the former one there and here, and run it again.',
    )
  }
  if (!Object.hasOwn(SECRETS_AT_ONCE, kind)) {
    throw new Failure('stack_file_invalid', `${file}: there is no kind ${kind} of provider.`)
  }
  const atOnce = SECRETS_AT_ONCE[kind as keyof typeof SECRETS_AT_ONCE]
  const today = new Date().toISOString().slice(0, 10)
  const steps = rotationSteps(names, nextSecretName(today, names), atOnce)
  if (steps !== 'ambiguous') {
    // A vendor that holds one secret has taken the old one away by then.
    const waits = atOnce === 2 && names.length === 1 && relyingParties.length > 0
    return waits ? { steps: steps.slice(0, -1), waitsFor: relyingParties } : { steps, waitsFor: [] }
  }
  throw new Failure(
    'rotation_ambiguous',
    `${file}: clientSecrets of ${provider} is [${names.join(', ')}], and neither name tells which is newer. Leave the one ` +
      'that is to stay, run `npm run up`, and then this command.',
  )
}

function describe(names: readonly string[]): string {
  const [preferred, other] = names
  return other === undefined ? `"${preferred}" alone.` : `"${preferred}" first, "${other}" still good.`
}
