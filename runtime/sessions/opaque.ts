import { hash, randomBytes } from 'node:crypto'

/** 256 random bits as base64url: a cookie's value, a code, a state. */
export function newOpaqueValue(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 as base64url: what the store keeps instead of the value, so that a stolen store opens no session. */
export function digest(value: string): string {
  return hash('sha256', value, 'base64url')
}
