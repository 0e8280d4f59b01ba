// npm run build: the package. What another Pulumi program imports, with types that an editor can show; the provider that its
// engine starts; and the programs that its stacks start, each one file.
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleEntry, bundleSource, pack, PROGRAMS } from '../infra/targets/index.ts'
import { attach, Failure, progress, runCommand } from './command/index.ts'
import { argumentTypes } from './declarations/index.ts'
import { projectRoot } from './workspace/index.ts'

const dist = join(projectRoot, 'dist')
const launchers = ['pulumi-resource-gatewright-native', 'pulumi-resource-gatewright-native.cmd', 'start.mjs']

await runCommand(async () => {
  await rm(dist, { recursive: true, force: true })
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  const code = await attach(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: projectRoot,
    env: process.env,
  })
  if (code !== 0) throw new Failure('build_failed', 'The library does not compile; the mistakes stand above.')
  await writeFile(join(dist, 'infra', 'args.d.ts'), argumentTypes(projectRoot))
  await mkdir(join(dist, 'bundles'), { recursive: true })
  for (const program of PROGRAMS) await write(join('bundles', `${program}.mjs`), await bundleSource(program))
  // Made once: another Node may pack otherwise, and another name for the same program would replace all pods.
  await write(join('bundles', 'gateway.mjs.br'), await pack(await readFile(join(dist, 'bundles', 'gateway.mjs'))))
  await buildProvider()
})

async function buildProvider(): Promise<void> {
  await mkdir(join(dist, 'provider'), { recursive: true })
  const provider = await bundleEntry('infra/provider/main.ts', {
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  })
  await write(join('provider', 'main.cjs'), provider)
  for (const name of launchers) {
    await copyFile(join(projectRoot, 'infra', 'provider', name), join(dist, 'provider', name))
    await chmod(join(dist, 'provider', name), 0o755)
  }
}

async function write(name: string, content: Uint8Array): Promise<void> {
  await writeFile(join(dist, name), content)
  const kib = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`
  progress(`dist/${name}  ${kib(content.length)}, ${kib(gzipSync(content, { level: 9 }).length)} compressed`)
}
