import type { Dictionary, Language } from '../../languages/index.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { PageWords } from './words.ts'

export type { PageWords } from './words.ts'

const WORDS: Dictionary<PageWords> = { en, de, fr, es, ja }

/** @returns what the pages of this room say in a language */
export function pageWords(language: Language): PageWords {
  return WORDS[language]
}
