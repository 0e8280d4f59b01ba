import { createClock } from '../clock.ts'
import { comparison, type Condition, text, TRUE } from './condition.ts'
import { operators, oneText } from './matchers.ts'
import { Mistake } from './problem.ts'

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/**
 * `date: { after, before }`; a time without a zone is UTC.
 * @throws Mistake
 * @see https://www.pomerium.com/docs/internals/ppl#date-matcher
 */
export function matchDate(data: unknown): Condition {
  return operators(
    map(data),
    {
      after: (time: string, value) => comparison(`${time} > ${instant(value)}`),
      before: (time: string, value) => comparison(`${time} < ${instant(value)}`),
    },
    'request.time',
  )
}

/**
 * `day_of_week: mon-fri`, `sat,sun` or `*`, in UTC.
 * @throws Mistake
 * @see https://www.pomerium.com/docs/internals/ppl#day-of-week-matcher
 */
export function matchDayOfWeek(data: unknown): Condition {
  const value = oneText(data).replaceAll(' ', '')
  if (value === '*') return TRUE
  const days = value.split(',').flatMap((part) => {
    const [from = '', to = from, ...rest] = part.split('-')
    if (rest.length > 0) throw new Mistake('write days like mon-fri or sat,sun')
    const [first, last] = [dayOf(from), dayOf(to)]
    // A range may go over the end of the week: fri-mon.
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7)
  })
  return comparison(`request.time.getDayOfWeek() in [${[...new Set(days)].toSorted((a, b) => a - b).join(', ')}]`)
}

/**
 * `time_of_day: { timezone, after, before }`
 * @throws Mistake
 * @see https://www.pomerium.com/docs/internals/ppl#time-of-day-matcher
 */
export function matchTimeOfDay(data: unknown): Condition {
  const { timezone, ...bounds } = map(data)
  if (Object.keys(bounds).length === 0) throw new Mistake('needs after or before')
  return operators(
    bounds,
    {
      after: (time: string, value) => comparison(`${time} > ${text(clockTime(value))}`),
      before: (time: string, value) => comparison(`${time} < ${text(clockTime(value))}`),
    },
    `request.time.timeOfDay(${text(zoneOf(timezone))})`,
  )
}

function instant(value: unknown): string {
  const written = oneText(value)
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(written)
  const time = Date.parse(hasZone || !written.includes('T') ? written : `${written}Z`)
  if (!/^\d{4}-\d\d-\d\d/.test(written) || Number.isNaN(time))
    throw new Mistake('write a time like 2030-01-31T16:20:00Z')
  return `timestamp(${text(new Date(time).toISOString())})`
}

function dayOf(name: string): number {
  const word = name.toLowerCase()
  const day = DAYS.findIndex((known) => word === known || word === known.slice(0, 3))
  if (day < 0) throw new Mistake(`knows no day ${JSON.stringify(name)}: write mon or monday`)
  return day
}

function zoneOf(value: unknown): string {
  try {
    const zone = oneText(value)
    createClock(zone)
    return zone
  } catch {
    throw new Mistake('needs a time zone like Europe/Berlin or UTC', ['timezone'])
  }
}

/** `15:04`, `15:04:05`, `3 PM`, `3:04PM` */
function clockTime(value: unknown): string {
  const match = /^(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?\s*([AP]M)?$/i.exec(oneText(value))
  const hours = Number(match?.[1])
  const minutes = Number(match?.[2] ?? 0)
  const seconds = Number(match?.[3] ?? 0)
  const half = match?.[4]?.toUpperCase()
  const isHour = half === undefined ? match?.[2] !== undefined && hours <= 23 : hours >= 1 && hours <= 12
  if (!isHour || minutes > 59 || seconds > 59) throw new Mistake('write a time of day like 15:04 or 3:04 PM')
  const hour = half === undefined ? hours : (hours % 12) + (half === 'PM' ? 12 : 0)
  return [hour, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':')
}

function map(data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Mistake('must be a map')
  return data as Record<string, unknown>
}
