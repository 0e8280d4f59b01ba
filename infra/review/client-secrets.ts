import type { Pair } from './pairs.ts'
import { difference } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { field, isSame, type PlainMap, texts } from './plain.ts'
import { forcesReplacement } from './provider-fields.ts'

/** What happens to the client secrets at one identity provider; names only. */
export interface SecretChange {
  id: string
  says: Phrase[]
}

/** @returns nothing where no secret of a client that stays is made, deleted or preferred anew */
export function compareSecrets({ id, before, after }: Pair<PlainMap>): SecretChange | undefined {
  if (!before || !after || forcesReplacement(before, after).length > 0) return undefined
  const says = [...rotation(before, after), ...brought(before, after)]
  return says.length > 0 ? { id, says } : undefined
}

/** Secrets that we make, by name, the preferred one first. */
function rotation(before: PlainMap, after: PlainMap): Phrase[] {
  const [former, present] = [texts(field(before, 'clientSecrets')), texts(field(after, 'clientSecrets'))]
  const { added, removed } = difference(former, present)
  const [preferred = ''] = present
  return [
    ...added.map((name) => say`${name} is made`),
    ...removed.map((name) => say`${name} is deleted`),
    ...(former[0] === present[0] ? [] : [say`${preferred} is preferred from now on`]),
  ]
}

/** Secrets that somebody wrote into the stack file. */
function brought(before: PlainMap, after: PlainMap): Phrase[] {
  const [former, present] = [field(before, 'client'), field(after, 'client')]
  return ['secret', 'previousSecret']
    .filter((name) => !isSame(field(former, name), field(present, name)))
    .map((name) => {
      if (field(former, name) === undefined) return say`${`client.${name}`} is there from now on`
      return field(present, name) === undefined
        ? say`${`client.${name}`} is not there any more`
        : say`${`client.${name}`} is another one, or encrypted anew`
    })
}
