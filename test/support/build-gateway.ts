import { mkdir, writeFile } from 'node:fs/promises'

import { bundleSource } from '../../infra/targets/index.ts'

/** Attacks are made against what is deployed: the bundle. */
export default async function buildGateway(): Promise<void> {
  await mkdir('.vitest', { recursive: true })
  await writeFile('.vitest/gateway.mjs', await bundleSource('gateway'))
}
