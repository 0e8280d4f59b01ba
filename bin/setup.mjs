// The first thing that every npm script runs. Plain JavaScript that Node 20 understands, because the project's own Node
// is only there once the dependencies are:
//
//   node bin/setup.mjs                      install the dependencies where they are not as package-lock.json says
//   node bin/setup.mjs <command> [args…]    … and run bin/<command>.ts with the project's Node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './setup/dependencies.mjs'
import { projectNode } from './setup/node.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [command, ...args] = process.argv.slice(2)

try {
  if (command !== undefined && !isCommand(command)) throw new Error(`There is no command "${command}" in bin/.`)
  await ensureDependencies(root)
  const node = projectNode(root)
  if (command !== undefined) run(node, command, args)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function isCommand(name) {
  return /^[a-z][a-z-]*$/.test(name) && existsSync(join(root, 'bin', `${name}.ts`))
}

function run(node, name, commandArgs) {
  const child = spawn(node, [join(root, 'bin', `${name}.ts`), ...commandArgs], {
    stdio: 'inherit',
    env: { ...process.env, PATH: withFirst(join(root, 'node_modules', '.bin'), process.env.PATH ?? '') },
  })
  // A terminal's Ctrl-C reaches the command by itself; this process only waits for how the command ends.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal]
  })
}

function withFirst(folder, path) {
  return [folder, ...path.split(delimiter).filter((entry) => entry !== folder)].join(delimiter)
}
