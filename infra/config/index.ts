import * as pulumi from '@pulumi/pulumi'

import { mapValues } from '../map-values.ts'
import { DEFAULT_BRAND, homeUrl, onlyBrand, resolveBrands } from './brands.ts'
import { crossChecks } from './cross-checks.ts'
import type { IdentityProviderSettings } from './identity-providers/index.ts'
import { describeProblems, type Problem } from './problems.ts'
import { type StackConfig, type StackInput, stackSchema, type StackSettings, validParts } from './schema.ts'

export type { AccountSettings } from './account.ts'
export { RULE_CODES, type RuleCode } from './allowances.ts'
export type { Brand } from './brand.ts'
export { waysIn } from './brands.ts'
export type { ClusterSettings } from './cluster.ts'
export { listeners } from './cross-checks.ts'
export type * from './identity-providers/index.ts'
export { homeTenant, isShared, PERSONAL_ACCOUNTS } from './identity-providers/index.ts'
export type { ServiceAccountSettings, TokenIssuerSettings } from './programs.ts'
export { serviceAccountKeyMistake } from './identity-providers/service-account-key.ts'
export { localListener } from './local-addresses.ts'
export { MAIL_PORTS, type MailSettings } from './mail.ts'
export { pathMatch } from './paths.ts'
export type * from './kubernetes/index.ts'
export { scaleOf } from './kubernetes/index.ts'
export type { SystemdSettings } from './systemd.ts'
export { placementOf, POD_PORTS, type ProcessSettings, type TargetTls } from './target.ts'
export { saysNothing } from './reasons.ts'
export type * from './relying-parties/index.ts'
export { APP_NAMES } from './relying-parties/index.ts'
export type { RouteSettings, StackConfig, StackInput } from './schema.ts'
export { pathText, type Problem } from './problems.ts'

const NAMESPACE = 'gatewright:'

/** A stack that cannot be built, with every mistake in it. */
export class StackConfigError extends pulumi.RunError {
  readonly code = 'stack_config_invalid'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const heading =
      problems.length === 1 ? 'One mistake in the stack file:' : `${problems.length} mistakes in the stack file:`
    const lines = problems.map(({ path, message }) => `  ${path} ${message.replaceAll('\n', '\n    ')}`)
    super([heading, ...lines].join('\n'))
    this.problems = problems
  }
}

/**
 * Checks what a stack file says and fills in the defaults; secrets come back as secret outputs.
 * @param input the values under `gatewright:`, whatever they are
 * @throws StackConfigError with all mistakes at once
 */
export function parseStack(input: unknown): StackConfig {
  const result = stackSchema.safeParse(input)
  const problems = [
    ...describeProblems(stackSchema, input, result.error?.issues ?? []),
    ...crossChecks(validParts(input)),
  ]
  if (!result.success || problems.length > 0) throw new StackConfigError(problems)
  return withDefaults(result.data)
}

/**
 * Checks the settings of one identity provider that no stack file has.
 * @param id what it is called
 * @throws StackConfigError with all mistakes at once, at the places where a stack file would have them
 */
export function parseIdentityProvider(id: string, input: unknown): IdentityProviderSettings {
  const schema = stackSchema.pick({ identityProviders: true })
  const whole = { identityProviders: { [id]: input } }
  const result = schema.safeParse(whole)
  const settings = result.data?.identityProviders[id]
  if (settings !== undefined) return settings
  throw new StackConfigError(describeProblems(schema, whole, result.error?.issues ?? []))
}

/** What only the whole stack can tell; the checks have seen to it that there is something. */
function withDefaults(settings: StackSettings): StackConfig {
  const brands = resolveBrands({ ...settings, identityProviders: Object.keys(settings.identityProviders) })
  const only = onlyBrand(brands) ?? DEFAULT_BRAND
  const placed = <T extends { brand?: string | undefined }>(
    map: Record<string, T>,
  ): Record<string, T & { brand: string }> => mapValues(map, (entry) => ({ ...entry, brand: entry.brand ?? only }))
  return {
    ...settings,
    brands,
    url: homeUrl(settings.url, brands) ?? '',
    routes: placed(settings.routes),
    accounts: placed(settings.accounts),
  }
}

/**
 * Reads the running stack's configuration, unchecked: every name under `gatewright:`, so that a misspelled one is seen too.
 * @throws StackConfigError for a value that looks like JSON and is not
 */
export function readStackInput(): StackInput {
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(NAMESPACE))
  return Object.fromEntries(
    entries.map(([key, text]) => [key.slice(NAMESPACE.length), structured(key, text)]),
  ) as StackInput
}

/**
 * A configuration value as the engine hands it over: maps and lists as JSON.
 * @throws StackConfigError for a text that begins like JSON and is none
 */
export function structured(key: string, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    throw new StackConfigError([{ path: key, message: 'is neither a text nor a map' }])
  }
}
