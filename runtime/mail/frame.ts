import type { BrandConfig } from '../config.ts'
import type { Language } from '../languages/index.ts'

/** Whose mail it is: what stands around each letter of a brand. */
export interface Frame {
  brand: Pick<BrandConfig, 'name' | 'colors' | 'links'>
  language: Language
  /** Content-ID of the logo, where the message brings one. */
  logoCid: string | undefined
}
