/** The Pulumi CLI: found, installed or built. */
export type { PulumiCli } from './candidates.ts'
export { cacheFolder, ensurePulumiCli, type EnsureOptions } from './ensure.ts'
