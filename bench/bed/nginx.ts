import { getuid } from 'node:process'

/** Started by root, nginx would read our folder as a user who may not. Empty for everybody else. */
export function runAsRoot(): string {
  return getuid?.() === 0 ? 'user root;\n' : ''
}
