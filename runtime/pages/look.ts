import type { BrandConfig } from '../config.ts'
import { chooseLanguage, isLanguage, type Language, LANGUAGE_COOKIE } from '../languages/index.ts'

/** How a page looks and in which language it speaks: all that it takes from the brand and the browser. */
export interface Look {
  brandName: string
  /** The brand's logo, a path of the host that the page is at. @default the gate */
  logoHref?: string | undefined
  /** Accent colours as `#rrggbb`, in light and in dark. @default our own */
  colors?: { light: string; dark: string } | undefined
  /** Below the page: privacy, terms, imprint. */
  links: readonly { label: string; url: string }[]
  language: Language
  /**
   * Path and query of the page, from where the language can be chosen: by a GET of the same with `lang`. Left out of pages that
   * can be opened once, answer a POST, or stand at an app's own address, whose `lang` is the app's.
   */
  here?: string | undefined
}

/** What a look is made from; a Request has it. */
export interface LookRequest {
  headers: Pick<Headers, 'get'>
  url: string
  /** @default GET */
  method?: string
}

/** The logo of a brand at its login host, and, below our own prefix, at its apps' hosts. */
export const BRAND_LOGO_PATH = '/logo/brand'
export const APP_HOST_LOGO_PATH = '/.gatewright/logo/brand'

/** The query's parameter that chooses a language. */
const LANGUAGE_PARAMETER = 'lang'
const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * The look of a brand's pages in the language that the browser's person wants: chosen just now (`?lang=`), chosen before, or by
 * Accept-Language (RFC 9110 §12.5.4).
 * @param brand undefined where no site was found: the page is ours alone
 * @returns besides the look, the Set-Cookie values that keep a choice made just now; send them with the page
 */
export function lookOf(
  brand: Pick<BrandConfig, 'name' | 'url' | 'logo' | 'colors' | 'links'> | undefined,
  { headers, url, method = 'GET' }: LookRequest,
): { look: Look; setCookies: string[] } {
  const { origin, pathname, searchParams } = new URL(url)
  const atLoginHost = origin === brand?.url
  const isOwnAddress = atLoginHost || pathname.startsWith('/.gatewright/')
  const asked = isOwnAddress ? searchParams.get(LANGUAGE_PARAMETER) : null
  const language = isLanguage(asked)
    ? asked
    : chooseLanguage(readLanguageCookie(headers.get('cookie')), headers.get('accept-language'))
  if (!brand) return { look: plainLook('Gatewright', language), setCookies: [] }
  searchParams.delete(LANGUAGE_PARAMETER)
  const query = searchParams.toString()
  const look = {
    brandName: brand.name,
    logoHref: brand.logo && (atLoginHost ? BRAND_LOGO_PATH : APP_HOST_LOGO_PATH),
    colors: brand.colors,
    links: brand.links,
    language,
    here: isOwnAddress && method === 'GET' ? `${pathname}${query && `?${query}`}` : undefined,
  }
  return { look, setCookies: isLanguage(asked) ? [languageCookie(asked)] : [] }
}

/** The look of a program that is nobody's brand. */
export function plainLook(brandName: string, language: Language = 'en'): Look {
  return { brandName, language, links: [] }
}

/** @param here path and query, as in a look @returns the same page in another language */
export function inLanguage(here: string, language: Language): string {
  return `${here}${here.includes('?') ? '&' : '?'}${LANGUAGE_PARAMETER}=${language}`
}

function languageCookie(language: Language): string {
  return `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; Secure; HttpOnly; SameSite=Lax`
}

function readLanguageCookie(header: string | null): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`))?.slice(LANGUAGE_COOKIE.length + 1)
}
