import type { Bed } from '../bed/index.ts'
import type { Visitor } from '../load/index.ts'

/** A proxy that answers, signed in where it asks for that. */
export interface Contender {
  name: string
  /** Of the process whose family is measured. */
  pid: number
  /** By address, since wrk knows no `*.localhost`. */
  origin: string
  visitor: Visitor
}

/** Why a contender does not take part. */
export interface Absent {
  name: string
  reason: string
}

/** Starts one in front of the upstream; it ends with the bed. */
export type StartContender = (bed: Bed) => Promise<Contender | Absent>
