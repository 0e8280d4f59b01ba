import type { Dictionary } from '../../languages/index.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { Words } from './words.ts'

export type { ChangeWords, Words } from './words.ts'

export const mailWords: Dictionary<Words> = { en, de, fr, es, ja }
