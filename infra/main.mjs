// Pulumi's main. Plain JavaScript, so that a Node which cannot run the rest says so in one line.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 19)) {
  const { RunError } = (await import('@pulumi/pulumi')).default
  throw new RunError(
    `Gatewright needs Node 24.19 or newer, and this is ${process.versions.node}. The project brings one: ` +
      'run `npm install`, then put "$PWD/node_modules/.bin" first on your PATH.',
  )
}
export default (await import('./program.ts')).default
