import type { BrandConfig, MailConfig, RuntimeConfig } from '../runtime/config.ts'
import { type Brand, MAIL_PORTS, type MailSettings, type StackConfig } from './config/index.ts'
import { planLifetimes } from './lifetimes.ts'
import { mapValues } from './map-values.ts'
import type { StackFiles } from './stack-files.ts'

/**
 * What the runtime is told of a brand.
 * @param files what the brand's file names stand for
 */
export function planBrand(brand: Brand, files: StackFiles): BrandConfig {
  const { name, url, identityProviders, password, passkeys, identityFirst, autoRedirect, links } = brand
  return {
    name,
    url,
    identityProviders,
    password,
    passkeys,
    identityFirst,
    autoRedirect,
    links,
    ...(brand.logo === undefined ? {} : { logo: files.logo(brand.logo).image }),
    ...(brand.colors ? { colors: brand.colors } : {}),
    ...(brand.session ? { session: planLifetimes(brand.session) } : {}),
  }
}

/** How mail is sent; the password is a secret, and goes another way. */
export function planMail(mail: MailSettings): MailConfig {
  if (mail.kind === 'local') return { ...mail.smtp, security: 'none', from: mail.from }
  const { host, port, security, user, from } = mail
  return { host, port: port ?? MAIL_PORTS[security], security, ...(user === undefined ? {} : { user }), from }
}

/** People with an account from the start. */
export function planAccounts(accounts: StackConfig['accounts']): RuntimeConfig['accounts'] {
  return mapValues(accounts, ({ brand, email, name, groups }) => ({ brand, email, name, groups }))
}
