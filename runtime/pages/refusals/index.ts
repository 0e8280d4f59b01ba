import type { Dictionary, Language } from '../../languages/index.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { RefusalWords } from './words.ts'

export type { RefusalText, RefusalWords } from './words.ts'

const WORDS: Dictionary<RefusalWords> = { en, de, fr, es, ja }

/** @returns what the pages of refusals say in a language */
export function refusalWords(language: Language): RefusalWords {
  return WORDS[language]
}
