import type { ProgramName } from './bundle.ts'

/**
 * How Node runs a program; options of V8 that it takes on its command line alone.
 *
 * Eight seconds after a gateway has little to do, V8 would collect everything and drop what it had compiled: the next people wait
 * while it is compiled anew, and each of their requests costs twice as much for some seconds. A young generation that shrinks when
 * little is to do has to grow again when much is: until then what is under way is taken for old, and collecting that stops everybody for
 * 10 to 20 ms. It therefore always has 8 MiB; more would take twice as much memory for nothing that can be measured.
 */
export function nodeFlags(program: ProgramName): readonly string[] {
  return program === 'gateway' ? ['--no-memory-reducer', '--min-semi-space-size=8', '--max-semi-space-size=8'] : []
}
