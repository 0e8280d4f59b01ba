import type { Contender, ContenderName } from './contender.ts'
import { startGatewright } from './gatewright.ts'
import { startHaproxy } from './haproxy.ts'
import { startNginx } from './nginx.ts'

export { type Contender, type ContenderName, CONTENDERS } from './contender.ts'

/** Starts each of them in front of one upstream. */
export const START: Readonly<Record<ContenderName, (upstream: string) => Promise<Contender>>> = {
  gatewright: startGatewright,
  nginx: startNginx,
  haproxy: startHaproxy,
}
