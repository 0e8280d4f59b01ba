import type { Group } from '../row.ts'
import { answers } from './answers.ts'
import { connections } from './connections.ts'
import { requests } from './requests.ts'
import { streams } from './streams.ts'

/** The whole table. */
export const TABLE: readonly Group[] = [requests, answers, streams, connections]
