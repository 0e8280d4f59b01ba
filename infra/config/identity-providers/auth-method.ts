import * as z from 'zod'

import { AUTH_METHODS } from '../../../runtime/config.ts'

/** With what a client shows who it is: by a secret, by a signature with its key, or not at all. */
export const anyAuthMethod = z.enum(AUTH_METHODS).default('client_secret_post')

/**
 * Where we make clients with secrets alone.
 * @param noKeys why `private_key_jwt` is not to be had, for the reader of the error
 */
export function secretAuthMethod(noKeys: string) {
  return z
    .enum(AUTH_METHODS)
    .transform((method, context) => {
      if (method === 'client_secret_post' || method === 'client_secret_basic') return method
      const why = method === 'none' ? NO_PUBLIC_CLIENTS : noKeys
      context.addIssue({ code: 'custom', message: `${why}: use client_secret_post or client_secret_basic` })
      return z.NEVER
    })
    .default('client_secret_post')
}

const NO_PUBLIC_CLIENTS =
  'whoever gets hold of a code could redeem it in the name of a client without a credential, and the gateway can keep one'
