import { afterAll, beforeAll, expect, it } from 'vitest'

import { endedWell, NAMESPACE, type SmallSite, startSmallSite } from '../support/site/index.ts'

const PER_SECOND = 300
/** Requests that one of three replicas may have had in hand: as many as it had connections with the edge, and as many again. */
const IN_HAND_AT_MOST = 100

let site: SmallSite
beforeAll(async () => {
  site = await startSmallSite({ replicas: 3, database: { url: { env: 'TEST_DATABASE_URL' } } }, 3)
  await endedWell(site.project.run('up'))
})
afterAll(() => site?.close())

it('loses no session, and no request but those in hand, when one of three replicas is killed', async () => {
  const { cluster } = site.around
  const [victim] = await cluster.pods(NAMESPACE)
  const traffic = await site.startUsing(PER_SECOND)
  await expect.poll(traffic.sent, { timeout: 20_000 }).toBeGreaterThan(PER_SECOND)
  expect(traffic.failures()).toEqual([])
  await cluster.killPod(NAMESPACE, victim?.metadata.name ?? '')
  const atTheKill = traffic.sent()
  // Killed, seen by the node and started again: the API knows by the count.
  await expect.poll(() => restartsOf(victim?.metadata.name ?? ''), { timeout: 30_000 }).toBe(1)
  await expect.poll(traffic.sent, { timeout: 20_000 }).toBeGreaterThan(atTheKill + 2 * PER_SECOND)
  await traffic.stop()
  // The edge sends a GET without an answer to another pod: nobody but those whose answer had begun may have noticed.
  const failures = traffic.failures()
  expect(failures.filter((failure) => !/ECONNRESET|aborted|socket hang up/.test(failure))).toEqual([])
  expect(failures.length + site.around.edge.retries()).toBeLessThanOrEqual(IN_HAND_AT_MOST)
}, 240_000)

async function restartsOf(name: string): Promise<number> {
  const pods = (await site.around.cluster.pods(NAMESPACE)) as unknown as {
    metadata: { name: string }
    status: { containerStatuses?: { restartCount: number }[] }
  }[]
  return pods.find(({ metadata }) => metadata.name === name)?.status.containerStatuses?.[0]?.restartCount ?? 0
}
