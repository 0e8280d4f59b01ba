import { isAbsolute, normalize, parse } from 'node:path'

import * as z from 'zod'

const folder = z
  .string()
  .refine(isPlainFolder, 'use an absolute path without "." or "..", not the root and without a slash at its end')

const secretName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'use letters, digits, dots, dashes and underscores: it becomes a file name',
  )

const address = z
  .string()
  .regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5}$/, 'write it as 127.0.0.1:8400 or [::1]:8400')

/** What a program says about a process; "A program and its folder" in docs/architecture.md is the contract with it. */
export const processInputsSchema = z.strictObject({
  /** The program's folder; another one moves it, with everything in it. */
  folder,
  /** Program and arguments; `--folder <folder>` follows. Never put a secret here: everybody can read it. */
  command: z.array(z.string().min(1)).min(1),
  /** Becomes config.json. */
  config: z.record(z.string(), z.json()),
  /** File name → content. */
  secrets: z.record(secretName, z.string()),
  /** Where the program says that it is ready, and with which release. */
  readyUrl: z.url({ protocol: /^https?$/ }),
  /** Addresses that the program listens on: looked at before it starts, so that a taken one is named with its owner. */
  listen: z.array(address),
  /**
   * Folder above all programs that belong together. One of them that holds an address of this program is ended: addresses
   * were exchanged, or a program has another name now, and its own turn comes in the same deployment.
   */
  siblings: folder.optional(),
  /** Restarts when it changes, such as the digest of a bundle. */
  restartOn: z.string(),
  /** How long the program may take until it is ready; 30 where it is not given. */
  readyTimeoutSeconds: z.number().positive().max(600).optional(),
  /** Filled in by `check`: what we want. A read may find `false`, and the diff says what there is to do. */
  running: z.literal(true, { error: 'leave it out: a process is always wanted running' }),
})

/** What the state holds: looser than what a program may say, as a read records whatever the folder has. */
export const processStateSchema = z.object({
  folder,
  command: z.array(z.string()),
  config: z.record(z.string(), z.json()),
  secrets: z.record(z.string(), z.string()),
  readyUrl: z.string(),
  listen: z.array(z.string()),
  restartOn: z.string(),
  readyTimeoutSeconds: z.number().optional(),
  running: z.boolean(),
  /** Digest over config and secrets: the name of the release. */
  generation: z.string(),
})

/** What is to run, and how. */
export type ProcessSpec = Omit<z.infer<typeof processInputsSchema>, 'running'>
export type ProcessInputs = z.infer<typeof processInputsSchema>
export type ProcessState = z.infer<typeof processStateSchema>

function isPlainFolder(value: string): boolean {
  return isAbsolute(value) && normalize(value) === value && parse(value).root !== value && !/[/\\\0]$/.test(value)
}
