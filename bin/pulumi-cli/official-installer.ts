// Started by official.ts: installs the Pulumi CLI with the official installer into the folder given as argument.
// The last line on stderr says why it did not work.
import { PulumiCommand } from '@pulumi/pulumi/automation/index.js'

// The installer itself waits two minutes for a network that is not there.
const reachTimeoutMs = 20_000
const site = 'https://get.pulumi.com/'

const [root = ''] = process.argv.slice(2)
try {
  await fetch(site, { method: 'HEAD', signal: AbortSignal.timeout(reachTimeoutMs) })
} catch {
  end(`${site} is not reached from here`)
}
console.error('Downloading the Pulumi CLI (about 150 MB, once)…')
try {
  await PulumiCommand.install({ root })
} catch (error) {
  end(`its installer failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
}

function end(reason: string): never {
  console.error(reason)
  process.exit(1)
}
