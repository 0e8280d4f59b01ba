import type { Bed } from '../bed/index.ts'
import { startGateway, writeGatewayFolder } from '../contenders/index.ts'
import { readUsage } from '../process/index.ts'
import { median, NAMES, rounded, type Row } from '../report/index.ts'

const STARTS = 5

/** Asked this often, in milliseconds: the answer's own grain. */
const ASK_EVERY_MS = 2

/** From the process's start to its first 200 at `/readyz`; the processor time is that of one start. */
export async function measureColdStart(bed: Bed): Promise<Row> {
  const starts: { ms: number; cpuMicros: number; rssMiB: number }[] = []
  for (let start = 0; start < STARTS; start += 1) {
    const gateway = await startGateway(bed, await writeGatewayFolder(bed), ASK_EVERY_MS)
    starts.push({ ms: gateway.readyAfterMs, ...readUsage(gateway.pid) })
    await gateway.stop()
  }
  return {
    name: NAMES.coldStart,
    concurrency: 1,
    cpuMicrosPerRequest: rounded(median(starts.map(({ cpuMicros }) => cpuMicros))),
    requestsPerSecond: null,
    p50Ms: rounded(median(starts.map(({ ms }) => ms))),
    p99Ms: rounded(Math.max(...starts.map(({ ms }) => ms))),
    rssMiB: rounded(median(starts.map(({ rssMiB }) => rssMiB))),
  }
}
