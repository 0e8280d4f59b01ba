import cluster from 'node:cluster'

import { runOnCores, runWorker } from './cluster/index.ts'
import { runProgram } from './program/index.ts'
import { startGateway } from './server/index.ts'

if (cluster.isWorker) runWorker('gateway', startGateway)
else await runProgram('gateway', (context) => runOnCores(context, startGateway))
