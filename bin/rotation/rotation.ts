/** A way from one credential to the next: each step is a state of the stack file that is deployed. */
export interface Rotation {
  steps: RotationStep[]
  /** What is so at the end, in words. */
  done: string
}

export interface RotationStep {
  /** The state, in words. */
  says: string
  /** Writes the state into the stack file. */
  write: () => void
  /** How long the state has to last before the next may come, in seconds. */
  waitSeconds: number
  /** Why, in words. */
  reasons: readonly string[]
}

/** What a rotation needs to run. */
export interface RotationMeans {
  deploy: () => Promise<unknown>
  /** Waits; in milliseconds. */
  pause: (milliseconds: number) => Promise<unknown>
  /** Tells whoever sits in front of it. */
  progress: (text: string) => void
}

/** How often it is said how long it still takes, in milliseconds. */
const REMINDER_MS = 60_000

/** Goes all the way. What broke off is led to its end by planning and running it again. */
export async function runRotation({ steps }: Rotation, means: RotationMeans): Promise<void> {
  for (const [index, step] of steps.entries()) {
    means.progress(`\nStep ${index + 1} of ${steps.length}: ${step.says}`)
    step.write()
    await means.deploy()
    await wait(step, means)
  }
}

async function wait({ waitSeconds, reasons }: RotationStep, { pause, progress }: RotationMeans): Promise<void> {
  if (waitSeconds === 0) return
  progress(`\nNow ${waitSeconds / 60} minutes have to pass before the next step:`)
  for (const reason of reasons) progress(`  ${reason};`)
  progress(
    '  nothing is half done meanwhile: people sign in and apps answer. Broken off, the same command goes on from here.',
  )
  for (let left = waitSeconds * 1000; left > 0; left -= REMINDER_MS) {
    progress(`  ${Math.ceil(left / 60_000)} minutes left`)
    await pause(Math.min(left, REMINDER_MS))
  }
}
