import { StoreError } from './store-error.ts'

/** A step from one schema to the next; what was released is never changed. */
export interface Migration {
  sql: string
  /** How many migrations a program must know to work with the database afterwards: below its own number, old ones go on. */
  oldestReader: number
}

/** What a database says about itself; `version` 0 is an empty one. */
export interface SchemaVersion {
  version: number
  oldestReader: number
}

/** Where a database stands that has nothing in it. */
export const EMPTY: SchemaVersion = { version: 0, oldestReader: 0 }

/**
 * The steps that a database still needs; none where a newer version of the program has been at work that left it readable.
 * @param where the database in words, for the error
 * @throws StoreError `store_too_new` where it can only be read by a newer version
 */
export function pendingMigrations(
  found: SchemaVersion,
  known: readonly Migration[],
  where: string,
): readonly Migration[] {
  if (found.oldestReader > known.length) {
    throw new StoreError(
      'store_too_new',
      `${where} was changed by a newer version of Gatewright (schema ${found.version}, readable from ${found.oldestReader} on; ` +
        `this version knows ${known.length}): start the newer version again`,
    )
  }
  return known.slice(found.version)
}

/** What a database says once all known migrations are done. */
export function versionAfter(known: readonly Migration[]): SchemaVersion {
  return { version: known.length, oldestReader: Math.max(...known.map(({ oldestReader }) => oldestReader)) }
}
