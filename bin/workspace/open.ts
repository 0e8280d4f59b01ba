import { delimiter, join } from 'node:path'
import { LocalWorkspace, PulumiCommand, Stack } from '@pulumi/pulumi/automation/index.js'
import { progress } from '../command/index.ts'
import { cacheFolder, ensurePulumiCli, type PulumiCli } from '../pulumi-cli/index.ts'
import { restoreCheckpoint } from './checkpoint.ts'
import { withCli } from './engine.ts'
import { ensureBackend, localEnvironment, localPlaces, localStack, projectName, projectRoot } from './local.ts'
import { ensureStackFile, forgetSalt } from './stack-file.ts'
import { clearStaleLocks } from './stale-lock.ts'

/**
 * Finds the Pulumi CLI and puts it on this process's PATH, for itself and for what it starts.
 * @throws Failure `pulumi_cli_missing`, `pulumi_cli_build_failed`
 */
export async function useCli(): Promise<PulumiCli> {
  const toolchainFolder = join(projectRoot, 'bin', 'toolchain')
  const cli = await ensurePulumiCli({ toolchainFolder, env: process.env, report: progress })
  if (cli.source !== 'path') process.env['PATH'] = [cli.folder, process.env['PATH'] ?? ''].join(delimiter)
  process.env['PULUMI_SKIP_UPDATE_CHECK'] = 'true'
  // What Node has compiled once, program and provider need not compile at every preview.
  process.env['NODE_COMPILE_CACHE'] ??= join(cacheFolder(process.env), 'node')
  return cli
}

/** Turns this process to the local stack's backend and passphrase, whatever the terminal was set up for. */
export function useLocalBackend(): void {
  Object.assign(process.env, localEnvironment(localPlaces(projectRoot)))
  // It would win over the file.
  delete process.env['PULUMI_CONFIG_PASSPHRASE']
}

/** The project as a workspace of the Automation API; `useCli` comes first. */
export async function openWorkspace(): Promise<LocalWorkspace> {
  return LocalWorkspace.create({ workDir: projectRoot, pulumiCommand: await PulumiCommand.get() })
}

/**
 * Makes all that the local stack needs before an update: its file, backend, passphrase and the stack itself; locks of
 * dead engines are cleared. Doing it again changes nothing.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`, `passphrase_lost`, `backend_failed`
 */
export async function prepareLocalStack(): Promise<Stack> {
  const places = localPlaces(projectRoot)
  if (ensureStackFile(places)) progress(`Wrote ${places.stackFile} from the example; it is yours to change.`)
  if (ensureBackend(places).isNewPassphrase) forgetSalt(places)
  useLocalBackend()
  recoverFromKills()
  const workspace = await openWorkspace()
  // Not looked for first: another terminal may create it in between.
  return withCli(localStack, () => Stack.createOrSelect(localStack, workspace))
}

/** Undoes what killed engines have left of the local stack: their locks, and a state file that is half written. Says so. */
export function recoverFromKills(): void {
  for (const lock of clearStaleLocks(localPlaces(projectRoot).state, projectName, localStack)) {
    progress(`Cleared the stack's lock of ${lock.timestamp}: the engine that took it (process ${lock.pid}) is dead.`)
  }
  const { checkpoint } = localPlaces(projectRoot)
  if (restoreCheckpoint(checkpoint)) progress(`Restored ${checkpoint} from its backup: it was half written.`)
}

/**
 * Selects a stack of the backend that the operator has logged in to.
 * @throws Failure `stack_not_found`, `backend_failed`
 */
export async function selectStack(stack: string): Promise<Stack> {
  const workspace = await openWorkspace()
  return withCli(stack, () => Stack.select(stack, workspace))
}

/**
 * Opens a stack for the engine: the local one is prepared, any other one is selected.
 * @throws Failure as `prepareLocalStack` and `selectStack` do
 */
export function openStack(stack: string): Promise<Stack> {
  return stack === localStack ? prepareLocalStack() : selectStack(stack)
}
