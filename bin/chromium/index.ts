/** The browser that the tests drive. */
export { findChromium } from './find.ts'
