// npm run explain -- <stack> <user> <url>: whether somebody may open something, and why, by the stack file alone: without a
// request, a deployment or a credential. Exit code 0 says allowed, 3 denied, 2 that the command was not called rightly.
import { join } from 'node:path'

import { readStack } from '../infra/review/index.ts'
import { Failure, progress, runCommand } from './command/index.ts'
import { answerQuestion, type Question, readQuestion, renderAnswer, type Stack, usage } from './explain/index.ts'
import { projectRoot, readStackFile, stackFilePath, stackInput } from './workspace/index.ts'

const WRONGLY_CALLED = 2
const DENIED = 3

await runCommand(async (args) => {
  let question: Question
  try {
    question = readQuestion(args, Date.now())
  } catch (error) {
    progress(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`)
    return WRONGLY_CALLED
  }
  const answer = answerQuestion(stackOf(question.stack), question)
  process.stdout.write(renderAnswer(question, answer))
  return answer.outcome === 'allowed' ? 0 : DENIED
})

/** @throws Failure `stack_file_missing`, or `stack_file_invalid` with every mistake in a line of its own */
function stackOf(name: string): Stack {
  const path = stackFilePath(name)
  const reading = readStack(stackInput(readStackFile(join(projectRoot, path)), path))
  if (reading.state === 'read') return reading.stack
  const problems = reading.state === 'unreadable' ? reading.problems : []
  throw new Failure(
    'stack_file_invalid',
    [path, ...problems.map((problem) => `  ${problem.path} ${problem.message}`)].join('\n'),
  )
}
