export { LogoMistake } from './bytes.ts'
export { describeLogo, type Logo, readLogo, requireLight } from './logo.ts'
