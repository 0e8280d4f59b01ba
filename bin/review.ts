// npm run review -- <stack>: what a deployment would do, in Markdown for a pull request: who gains and who loses access, what
// changes in which tenant, what somebody has changed by hand. With --against <git ref> two versions of the stack file are
// compared instead, offline and without any credential. Both ask the rules of docs/review.md about the stack file. Exit code 2
// says that access widens; 3 that it does not, and a rule is broken.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import {
  type DeployedProvider,
  describeConnection,
  readDeployed,
  renderMarkdown,
  testPlanned,
} from '../infra/connection-test/index.ts'
import {
  compareStacks,
  judgeRules,
  readPlan,
  readProofs,
  readStack,
  renderPlan,
  renderReview,
  type ReviewedStack,
  type RuleReport,
} from '../infra/review/index.ts'
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
const BROKEN = 3

await runCommand(async (args) => {
  const { stack, against } = readArguments(args)
  const { text, widened, rules } =
    against === undefined ? await reviewDeployment(stack) : await compareFiles(stack, against)
  process.stdout.write(text)
  if (widened) return WIDENED
  return rules !== undefined && rules.broken.length > 0 ? BROKEN : 0
})

interface Review {
  /** Markdown. */
  text: string
  widened: boolean
  /** Nothing of a stack file that cannot be read. */
  rules: RuleReport | undefined
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
  const state = await exportState(name)
  const path = stackFilePath(name)
  const reviewed = reviewedStack(stackInput(readStackFile(join(projectRoot, path)), path))
  const deployment = { proofs: readProofs(state), environment: process.env }
  const rules = reviewed && judgeRules({ ...reviewed, deployment })
  const { text, widened } = renderPlan(plan, name, rules)
  return { text: text + (await reviewConnections(name, plan.issuers, readDeployed(state))), widened, rules }
}

async function reviewConnections(
  stack: string,
  issuers: Record<string, string>,
  deployed: readonly DeployedProvider[],
): Promise<string> {
  const results = await testPlanned(issuers, deployed)
  // Secrets that are due are among what the rules say.
  const circumstances = { stack, maxAgeDays: {}, nowMs: Date.now() }
  return renderMarkdown(results.map((result) => describeConnection(result, circumstances)))
}

async function compareFiles(stack: string, ref: string): Promise<Review> {
  const path = stackFilePath(stack)
  const former = await fileAtRef(projectRoot, ref, path)
  const before = former === undefined ? undefined : stackInput(former, `${ref}:${path}`)
  const after = stackInput(readStackFile(join(projectRoot, path)), path)
  const comparison = compareStacks(readStack(before), readStack(after))
  const present = reviewedStack(after)
  const rules = present && judgeRules(present, reviewedStack(before))
  return { text: renderReview(comparison, stack, rules), widened: comparison.widened, rules }
}

/** @param input the values under `gatewright:` @returns undefined where there is no such file, or it cannot be read */
function reviewedStack(input: unknown): ReviewedStack | undefined {
  const reading = readStack(input)
  return reading.state === 'read' ? { stack: reading.stack, input, nowMs: Date.now() } : undefined
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
