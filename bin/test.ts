// npm test: every kind of test, with what they need found or named.
import { join } from 'node:path'
import { findChromium } from './chromium/index.ts'
import { attach, runCommand } from './command/index.ts'
import { projectRoot, useCli } from './workspace/index.ts'

await runCommand(async (args) => {
  const chromium = findChromium(process.env)
  const cli = await useCli()
  const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs')
  return attach(process.execPath, [vitest, 'run', ...args], {
    cwd: projectRoot,
    env: { ...process.env, CHROMIUM_PATH: chromium, GATEWRIGHT_PULUMI: cli.folder },
  })
})
