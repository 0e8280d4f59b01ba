import type { Dictionary, Language } from '../../../languages/index.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { FlowWords } from './words.ts'

const WORDS: Dictionary<FlowWords> = { en, de, fr, es, ja }

/** @returns what the pages on the way into an account say in a language */
export function flowWords(language: Language): FlowWords {
  return WORDS[language]
}
