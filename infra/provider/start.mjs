// What a launcher starts. Plain JavaScript, so that a Node which cannot run the rest says so in one line.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 19)) {
  console.error(
    `gatewright-native needs Node 24.19 or newer, ${process.execPath} is v${process.versions.node}: ` +
      'run "npm install" in the project, which brings one.',
  )
  process.exit(1)
}
// One file in the package, the sources in the project.
await import(existsSync(new URL('main.cjs', import.meta.url)) ? './main.cjs' : './main.ts')
