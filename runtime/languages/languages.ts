/** Tags (BCP 47) of the languages that pages and mails are written in; the first one where nothing else fits. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

/** Each in its own words, for people to choose by. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
}

/** The words of a room in every language; a language that lacks one does not compile. */
export type Dictionary<Words> = Readonly<Record<Language, Words>>

/** @param tag anything */
export function isLanguage(tag: unknown): tag is Language {
  return typeof tag === 'string' && (LANGUAGES as readonly string[]).includes(tag)
}
