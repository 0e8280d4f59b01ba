/** The Pulumi CLI: found, installed or built. */
export type { PulumiCli } from './candidates.ts'
export { ensurePulumiCli, type EnsureOptions } from './ensure.ts'
