import type { ASTNode } from '@marcbachmann/cel-js'

import { createClock } from './clock.ts'
import { isField, literalText } from './fields.ts'
import { parseNetwork } from './networks.ts'
import { compilePattern } from './patterns.ts'
import { fault } from './policy-error.ts'

type Call = Extract<ASTNode, { op: 'rcall' }>

/** What a rule writes out and a request must not find wrong or slow: made ready once, by its literal. */
export class Literals {
  readonly patterns = new Map<string, (text: string) => boolean>()
  readonly networks = new Map<string, (address: string) => boolean>()
  /** Clocks by the name of their zone. */
  readonly zones = new Map<string, (time: Date) => string>()

  /** Of `text.matchesRe2("pattern")`. @throws PolicyError */
  takePattern(call: Call): void {
    const [argument, pattern] = literalOf(call, 'the pattern of matchesRe2()')
    try {
      this.patterns.set(pattern, compilePattern(pattern))
    } catch (error) {
      throw fault(argument, `not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** Of `request.ip.inNetwork("10.0.0.0/8")`. @throws PolicyError */
  takeNetwork(call: Call): void {
    const [argument, network] = literalOf(call, 'the network of inNetwork()')
    if (!isField(call.args[1], 'request.ip')) throw fault(call.args[1], 'only request.ip lies in a network')
    try {
      this.networks.set(network, parseNetwork(network))
    } catch (error) {
      throw fault(argument, error instanceof Error ? error.message : String(error))
    }
  }

  /** Of `request.time.timeOfDay("Europe/Berlin")` and its like: a zone that nobody knows would fail at each request. @throws PolicyError */
  takeZone(call: Call): void {
    const [argument, zone] = literalOf(call, 'the time zone')
    try {
      this.zones.set(zone, createClock(zone))
    } catch {
      throw fault(argument, `there is no time zone ${zone}: write it like Europe/Berlin or UTC`)
    }
  }
}

function literalOf(call: Call, what: string): [node: ASTNode, text: string] {
  const [argument] = call.args[2]
  const text = literalText(argument)
  if (!argument || text === undefined) throw fault(argument ?? call, `${what} must be a literal string`)
  return [argument, text]
}
