export { type AccountsDeps, createAccounts } from './accounts.ts'
export { AUDIT_ACTIONS, type AuditAction, auditEvent } from './audit.ts'
export type {
  AccountExport,
  Accounts,
  Actor,
  Admittance,
  AtBrand,
  LinkOutcome,
  OwnSignIn,
  PasswordVerdict,
  UnlinkOutcome,
  Verified,
  WayIn,
} from './contract.ts'
export { createPasswordHasher, type PasswordHasher } from './password-hash.ts'
export { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password-policy.ts'
export { displayName } from './profile.ts'
