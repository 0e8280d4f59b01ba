import fc from 'fast-check'

/** Any code unit, paired or not, for `fc.string({ unit })`; fast-check's own `binary` takes seconds to be made. */
export const anyCharacter = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))
