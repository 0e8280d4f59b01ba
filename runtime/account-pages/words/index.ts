import type { Dictionary, Language } from '../../languages/index.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { AccountWords } from './words.ts'

export { type AccountWords, DONE, type Done, type OwnField } from './words.ts'

const WORDS: Dictionary<AccountWords> = { en, de, fr, es, ja }

/** @returns what the account pages say in a language */
export function accountWords(language: Language): AccountWords {
  return WORDS[language]
}
