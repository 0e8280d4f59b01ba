/** Languages of all pages and mails, the first one where nothing else fits. */
export { type Dictionary, LANGUAGE_NAMES, type Language, LANGUAGES, isLanguage } from './languages.ts'
export { chooseLanguage, LANGUAGE_COOKIE } from './choose.ts'
