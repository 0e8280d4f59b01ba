import { isAbsolute, normalize } from 'node:path'

import * as z from 'zod'

const folder = z
  .string()
  .refine(
    (value) => isAbsolute(value) && normalize(value) === value && value.split('/').length > 3 && !value.endsWith('/'),
    'use an absolute path without "." or "..", at least three folders deep and without a slash at its end',
  )

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'use letters, digits, dots, dashes and underscores')

const address = z
  .string()
  .regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5}$/, 'write it as 127.0.0.1:8400')

/** What a program says about a service; "A program and its folder" in docs/architecture.md is the contract with it. */
export const serviceInputsSchema = z.strictObject({
  /** The unit's name, without `.service`; another one needs another service. */
  unit: name,
  /** Runs it; made where there is none. */
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,30}$/, 'use the name of a system account'),
  /** The program's folder. */
  folder,
  /** Where its executables lie, which the user may not change. */
  programs: folder,
  /** File name there → the file that it is copied from. A name stands for one content. */
  executables: z.record(name, z.string().min(1)),
  /** The unit file, word for word. */
  unitFile: z.string().min(1),
  /** The environment file, word for word; nothing secret. */
  environmentFile: z.string(),
  /** Becomes config.json. */
  config: z.record(z.string(), z.json()),
  /** File name → content. */
  secrets: z.record(name, z.string()),
  /** Where the program says that it is ready, and with which release. */
  readyUrl: z.url({ protocol: /^https?$/ }),
  /** Addresses that it listens on: looked at before it starts, so that a taken one is named with its owner. */
  listen: z.array(address),
  /** How long it may take until it is ready; 30 where it is not given. */
  readyTimeoutSeconds: z.number().positive().max(600).optional(),
  /** Filled in by `check`: what we want. A read may find `false`, and the diff says what there is to do. */
  running: z.literal(true, { error: 'leave it out: a service is always wanted running' }),
  enabled: z.literal(true, { error: 'leave it out: a service is always wanted after a boot' }),
})

/** What the state holds: looser than what a program may say, as a read records whatever the machine has. */
export const serviceStateSchema = z.object({
  unit: z.string(),
  user: z.string(),
  folder: z.string(),
  programs: z.string(),
  executables: z.record(z.string(), z.string()),
  unitFile: z.string(),
  environmentFile: z.string(),
  config: z.record(z.string(), z.json()),
  secrets: z.record(z.string(), z.string()),
  readyUrl: z.string(),
  listen: z.array(z.string()),
  readyTimeoutSeconds: z.number().optional(),
  running: z.boolean(),
  enabled: z.boolean(),
  /** Digest over config and secrets: the name of the release. */
  generation: z.string(),
})

export type ServiceInputs = z.infer<typeof serviceInputsSchema>
export type ServiceState = z.infer<typeof serviceStateSchema>
/** What is to run, and how. */
export type ServiceSpec = Omit<ServiceInputs, 'running' | 'enabled'>
