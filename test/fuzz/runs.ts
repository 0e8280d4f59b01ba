/**
 * How much is tried: a few seconds' worth, and more with FUZZ_RUNS. The seed is always the same unless FUZZ_SEED says
 * another one; a failure prints it with the bytes.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122)
const FACTOR = Number(process.env['FUZZ_RUNS'] ?? 1)

/** Finding the shortest bytes that fail may take so long, in milliseconds. */
const SHRINK_MS = 20_000 * FACTOR

/** @param numRuns how many runs are a few seconds' worth */
export function runs(numRuns: number) {
  console.log(`FUZZ_SEED=${SEED} FUZZ_RUNS=${FACTOR}`)
  return {
    seed: SEED,
    numRuns: Math.ceil(numRuns * FACTOR),
    interruptAfterTimeLimit: SHRINK_MS,
    markInterruptAsFailure: true,
  }
}
