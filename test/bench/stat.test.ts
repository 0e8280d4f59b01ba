import { expect, it } from 'vitest'

import { descendants, parseResidentKiB, parseStat } from '../../bench/process/stat.ts'

/** Fields 3 to 22 of proc(5), with state, parent, utime and stime where they belong. */
function line(pid: number, name: string, parent: number, utime = 0, stime = 0): string {
  return `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 100 0 0 0 ${utime} ${stime} 7 9 20 0 1 0 12345`
}

it('adds user and kernel time, and leaves out what ended children used', () => {
  expect(parseStat(line(42, 'nginx', 1, 30, 12))).toEqual({ pid: 42, parent: 1, ticks: 42 })
})

it.each(['a b', 'a) S 9', '((', ''])('counts fields behind the name (%s)', (name) => {
  expect(parseStat(line(42, name, 7, 1, 2))).toEqual({ pid: 42, parent: 7, ticks: 3 })
})

it.each(['', 'nothing', '1 (cut) S'])('refuses %j', (text) => {
  expect(() => parseStat(text)).toThrow(RangeError)
})

it('finds children of children, whatever the order of their numbers, and nobody else', () => {
  const all = [
    { pid: 3, parent: 9, ticks: 0 },
    { pid: 5, parent: 1, ticks: 0 },
    { pid: 7, parent: 1, ticks: 0 },
    { pid: 9, parent: 7, ticks: 0 },
  ]
  expect(descendants(7, all).map(({ pid }) => pid)).toEqual([3, 7, 9])
})

it('reads resident memory, and none of a process without any', () => {
  expect(parseResidentKiB('Name:\tnode\nVmHWM:\t  200 kB\nVmRSS:\t  123456 kB\n')).toBe(123_456)
  expect(parseResidentKiB('Name:\tkthreadd\n')).toBe(0)
})
