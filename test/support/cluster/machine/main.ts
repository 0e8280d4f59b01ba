import { execFileSync } from 'node:child_process'

import { answerCalls } from './calls.ts'
import { createMachine } from './machine.ts'

// Seen by nothing outside of this mount namespace, and gone with it: nothing of a cluster is ever on a disk.
execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'gatewright', '/run'])
const machine = createMachine('/run/gatewright')
answerCalls(machine.calls)
// The test's process has ended, or wants the end: as the first process of its namespace this one takes all others along.
process.once('disconnect', () => {
  machine.removeLinks()
  process.exit(0)
})
