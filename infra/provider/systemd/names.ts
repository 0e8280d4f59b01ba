import { join } from 'node:path'

/** Where what systemd runs keeps its state, and where its programs lie: a folder for each stack. */
export const SYSTEMD_STATE = '/var/lib/gatewright'
export const SYSTEMD_PROGRAMS = '/opt/gatewright'

/**
 * The unit of a stack's gateway, without `.service`.
 * @param gateway its name; most stacks have one, of this name
 */
export function unitName(stack: string, gateway = 'gateway'): string {
  return gateway === 'gateway' ? `gatewright-${stack}` : `gatewright-${stack}-${gateway}`
}

/** The file that defines a unit; what lies here is the administrator's (systemd.unit(5)). */
export function unitPath(unit: string): string {
  return join('/etc/systemd/system', `${unit}.service`)
}

/** The file that a unit has its environment from. */
export function environmentPath(unit: string): string {
  return join('/etc/gatewright', `${unit}.env`)
}
