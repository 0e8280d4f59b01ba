import * as z from 'zod'

/** Of a namespace, and of most things in one (RFC 1123 §2.1). */
export const label = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'use lowercase letters, digits and dashes, 63 at most')

/** Of classes, issuers and Secrets. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const subdomain = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
    'use lowercase letters, digits, dashes and dots',
  )

/** Key of a label or annotation. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const qualifiedName = z
  .string()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    'write it as name or prefix.example/name',
  )

/** Value of a label. */
export const labelValue = z
  .string()
  .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/, 'use letters, digits, -, _ and ., 63 at most')

/** Of an image, with a tag or a digest: without one it would be another image at each pull. */
export const imageName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)+(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    'write it whole, like registry.acme.example/node:26-slim',
  )
  .refine((name) => /:[^/]+$/.test(name), 'say which one: add a tag or a digest')
