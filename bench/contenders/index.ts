import type { Bed } from '../bed/index.ts'
import type { Absent, Contender } from './contender.ts'
import { startGatewright } from './gateway.ts'
import { startHaproxy } from './haproxy.ts'
import { startModAuthOpenidc } from './mod-auth-openidc.ts'
import { startNginx } from './nginx.ts'
import { startOauth2Proxy } from './oauth2-proxy.ts'

export type { Absent, Contender } from './contender.ts'
export { type GatewayFolder, startGateway, writeGatewayFolder } from './gateway.ts'
export { signIn } from './sign-in.ts'

/** Starts all that are installed, each in front of the same upstream. */
export async function startContenders(bed: Bed): Promise<{ present: Contender[]; absent: Absent[] }> {
  const all = [
    await startGatewright(bed),
    await startNginx(bed),
    await startHaproxy(bed),
    await startModAuthOpenidc(bed),
    await startOauth2Proxy(bed),
  ]
  return { present: all.filter((one) => 'pid' in one), absent: all.filter((one) => 'reason' in one) }
}
