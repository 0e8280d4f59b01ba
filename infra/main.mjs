// Pulumi's main. Plain JavaScript, so that a Node which cannot run the rest says so in one line.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 19)) {
  const { RunError } = (await import('@pulumi/pulumi')).default
  throw new RunError(
    `Gatewright needs Node 24.19 or newer, and this is ${process.versions.node}. The project brings one: ` +
      'run `npm install`, then put "$PWD/node_modules/.bin" first on your PATH.',
  )
}
// The engine reads, and starts our provider, for as long as the program takes to load: it is asked first.
const { readLastDeployment } = await import('./last-deployment.ts')
const { startProvider } = await import('./start-provider.ts')
const deployed = readLastDeployment()
// Whoever awaits it is told; until then nobody does.
deployed.catch(() => {})
// Whoever registers the first resource is told.
startProvider().catch(() => {})

const { program } = await import('./program.ts')
export default () => program(deployed)
