import { type KeyNames, keyRotationSteps } from '../../infra/key-rotation.ts'
import { Failure } from '../command/index.ts'
import { readKeyNames, writeKeyNames } from '../workspace/index.ts'
import type { Rotation } from './rotation.ts'

/**
 * A new signing key and a new sealing key of the gateway take over from the old ones. No session and no assertion is lost
 * by it: everybody learns of a key before it is used, and the old ones stay until nothing hangs on them.
 * @param file the stack file
 * @throws Failure `rotation_ambiguous`, `stack_file_invalid`, `stack_file_missing`
 */
export function keyRotation(file: string): Rotation {
  const present = readKeyNames(file)
  const steps = keyRotationSteps(present, new Date().toISOString().slice(0, 10))
  if (steps === 'ambiguous') {
    throw new Failure(
      'rotation_ambiguous',
      `${file}: gatewright:keys has ${describe(present)}, and two names do not tell which is newer. Leave the key that comes ` +
        'first where it is, deploy it, wait for a quarter of an hour, take the other one out; then run this command.',
    )
  }
  const last = steps.at(-1)?.names
  return {
    steps: steps.map(({ names, waitSeconds, reasons }) => ({
      says: `${describe(names)}.`,
      write: () => writeKeyNames(file, names),
      waitSeconds,
      reasons,
    })),
    done: `the gateway signs with "${last?.signing[0]}" and seals with "${last?.sealing[0]}", and the old keys are gone.`,
  }
}

function describe({ signing, sealing }: KeyNames): string {
  return `signing keys ${list(signing)}, sealing keys ${list(sealing)}`
}

function list(names: readonly string[]): string {
  const [inUse, other] = names
  return other === undefined ? `"${inUse}" alone` : `"${inUse}" in use, "${other}" known`
}
