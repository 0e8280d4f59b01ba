import { readDevice } from '../account-pages/index.ts'
import { displayName } from '../accounts/index.ts'
import { OWN_ACCOUNTS, type RuntimeConfig } from '../config.ts'
import { badge, type Look, markup, type Markup, moment, plain } from '../pages/index.ts'
import type { Account, Device } from '../store/index.ts'

/** What an account is called: its name, user name or address, or its id where it has none. */
export function nameOf(account: Account): string {
  return displayName(account) || account.id
}

/** A provider as people know it; sessions by password or passkey have none. */
export function providerName({ identityProviders }: Pick<RuntimeConfig, 'identityProviders'>, id: string): string {
  return id === OWN_ACCOUNTS ? 'Password or passkey' : (identityProviders[id]?.name ?? id)
}

/** "Firefox on Linux". */
export function deviceName({ userAgent }: Pick<Device, 'userAgent'>): string {
  const { browser, system } = readDevice(userAgent)
  if (browser === undefined && system === undefined) return 'Unknown device'
  if (browser === undefined) return `Unknown browser on ${system ?? ''}`
  return system === undefined ? browser : `${browser} on ${system}`
}

/** An address of the network, or that it is not known. */
export function addressText(address: string): string {
  return address === '' ? 'unknown address' : address
}

/** Text in a cell, and below it, smaller, what explains it. */
export function twoLines(first: Markup | string, second: Markup | string): Markup {
  return markup`${typeof first === 'string' ? plain(first) : first}<small>${typeof second === 'string' ? plain(second) : second}</small>`
}

/** A moment, or that there was none. */
export function momentOr(look: Pick<Look, 'language'>, at: number | undefined, otherwise: string): Markup {
  return at === undefined ? markup`${otherwise}` : moment(look, at)
}

/** Whether a provider may be used. */
export function enabledBadge(enabled: boolean): Markup {
  return enabled ? badge('Enabled', 'good') : badge('Disabled', 'warn')
}

/** Whether somebody may come in. */
export function statusBadge(status: Account['status']): Markup {
  return status === 'active' ? badge('Active', 'good') : badge('Suspended', 'alert')
}
