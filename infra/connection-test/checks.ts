import { type Check, describeFindings } from '../../runtime/connection-test/index.ts'
import { ageInDays } from '../age.ts'
import type { DeployedSecret } from './deployed.ts'
import type { ConnectionResult } from './run.ts'

/** What is said of one provider. */
export interface ProviderReport {
  /** Of the provider, with the relying party whose client it is where that is not the gateway. */
  id: string
  issuer: string
  checks: Check[]
}

/** What a result is judged by. */
export interface Circumstances {
  /** The stack's name. */
  stack: string
  /** Provider → how old its client secrets may become, in days; one that is not there has no limit. */
  maxAgeDays: Readonly<Record<string, number>>
  /** Milliseconds since 1970. */
  nowMs: number
}

/** Puts a result into words, for a reader who has never seen this project. */
export function describeConnection(result: ConnectionResult, circumstances: Circumstances): ProviderReport {
  const { id, issuer, deployed } = result
  const secrets = (deployed?.secrets ?? []).map((secret) => secretCheck(id, secret, circumstances))
  const whose = deployed?.relyingParty === undefined ? id : `${id} for ${deployed.relyingParty}`
  return { id: whose, issuer, checks: [...describeFindings(result, deployed, circumstances.stack), ...secrets] }
}

function secretCheck(
  id: string,
  { name, provenAt }: DeployedSecret,
  { stack, maxAgeDays, nowMs }: Circumstances,
): Check {
  const what = 'client secret'
  const days = Math.max(0, ageInDays(provenAt, nowMs))
  const age = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`
  const says = `"${name}" was first taken on ${provenAt.slice(0, 10)}, ${age}`
  const most = maxAgeDays[id]
  if (most === undefined || days <= most) return { what, state: 'good', says, advice: [] }
  const confirmed = stack === 'local' ? '' : ' --yes'
  const advice = [`The stack file allows ${most} days: npm run rotate -- ${stack} ${id}${confirmed}`]
  return { what, state: 'due', says, advice }
}
