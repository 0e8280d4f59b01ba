// npm run review -- <stack>: what a deployment would do, in Markdown for a pull request: who gains and who loses access, what
// changes in which tenant, what somebody has changed by hand. With --against <git ref> two versions of the stack file are
// compared instead, offline and without any credential. Exit code 2 says that access widens.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { describeConnection, readDeployed, renderMarkdown, testPlanned } from '../infra/connection-test/index.ts'
import { compareStacks, readPlan, readStack, renderPlan, renderReview } from '../infra/review/index.ts'
import { runCommand, withUsage } from './command/index.ts'
import {
  exportState,
  fileAtRef,
  openStack,
  projectRoot,
  readStackFile,
  stackFilePath,
  stackInput,
  useCli,
  withEngine,
} from './workspace/index.ts'

const usage = 'npm run review -- <stack> [--against <git ref>]'
const WIDENED = 2

await runCommand(async (args) => {
  const { stack, against } = readArguments(args)
  const { text, widened } = against === undefined ? await reviewDeployment(stack) : await compareFiles(stack, against)
  process.stdout.write(text)
  return widened ? WIDENED : 0
})

interface Review {
  /** Markdown. */
  text: string
  widened: boolean
}

async function reviewDeployment(name: string): Promise<Review> {
  await useCli()
  const stack = await openStack(name)
  const events: EngineEvent[] = []
  await withEngine(({ onError, signal }) =>
    // What the engine prints of it is not wanted on stdout, which is the review's.
    stack.preview({ onError, signal, color: 'never', refresh: true, onEvent: (event) => events.push(event) }),
  )
  const plan = readPlan(events)
  const { text, widened } = renderPlan(plan, name)
  return { text: text + (await reviewConnections(name, plan.issuers)), widened }
}

async function reviewConnections(stack: string, issuers: Record<string, string>): Promise<string> {
  const results = await testPlanned(issuers, readDeployed(await exportState(stack)))
  // Secrets that are due are among what the program itself says.
  const circumstances = { stack, maxAgeDays: {}, nowMs: Date.now() }
  return renderMarkdown(results.map((result) => describeConnection(result, circumstances)))
}

async function compareFiles(stack: string, ref: string): Promise<Review> {
  const path = stackFilePath(stack)
  const former = await fileAtRef(projectRoot, ref, path)
  const before = former === undefined ? undefined : stackInput(former, `${ref}:${path}`)
  const after = stackInput(readStackFile(join(projectRoot, path)), path)
  const comparison = compareStacks(readStack(before), readStack(after))
  return { text: renderReview(comparison, stack), widened: comparison.widened }
}

function readArguments(args: string[]): { stack: string; against: string | undefined } {
  return withUsage(usage, () => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { against: { type: 'string' } },
    })
    const [stack, ...rest] = positionals
    if (stack === undefined || rest.length > 0) throw new TypeError('Name one stack.')
    return { stack, against: values.against }
  })
}
