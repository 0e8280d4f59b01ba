import type { Row } from './database.ts'

/** A column that is text in every row. */
export function text(row: Row, column: string): string {
  return row[column] as string
}

/** A column that is text or null. */
export function optionalText(row: Row, column: string): string | undefined {
  return (row[column] as string | null) ?? undefined
}

/** A column that is a number in every row. */
export function number(row: Row, column: string): number {
  return row[column] as number
}

/** A column that is a number or null. */
export function optionalNumber(row: Row, column: string): number | undefined {
  return (row[column] as number | null) ?? undefined
}
