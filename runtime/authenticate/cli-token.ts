import * as z from 'zod'

import { CLI_PREFIX, CLI_TOKEN_LIFETIME_MS, redeemCliCode } from '../programs/index.ts'
import { Refusal } from '../refusal.ts'
import { type CliHost, MAX_CLI_FORM_BYTES } from './cli.ts'
import type { AuthenticateContext } from './context.ts'
import { readPostedForm } from './posted-form.ts'

/** Where a program takes its token, with the code that the browser brought. */
export const CLI_TOKEN_PATH = '/.gatewright/cli/token'

/** RFC 6749 §5.2; a program reads these, so they are not the table's. */
type GrantError = 'invalid_request' | 'unsupported_grant_type' | 'invalid_grant'

const parametersSchema = z.object({
  grant_type: z.string(),
  code: z.string(),
  code_verifier: z.string(),
  redirect_uri: z.string(),
})

const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Redeems a code of the command-line sign-in (RFC 6749 §4.1.3, §5.1) for a token of at most an hour, which ends with the
 * person's session.
 */
export async function redeemCli(
  context: AuthenticateContext,
  { origin }: CliHost,
  request: Request,
): Promise<Response> {
  // Browsers send Origin with every POST: no page has business here.
  if (request.headers.has('origin')) return grantError('invalid_request', 'this address is for programs')
  const parameters = await readParameters(request)
  if (!parameters)
    return grantError('invalid_request', 'send grant_type, code, code_verifier and redirect_uri once each, as a form')
  if (parameters.grant_type !== 'authorization_code') {
    return grantError('unsupported_grant_type', 'use authorization_code')
  }
  const { log, sealer, sessions, store } = context
  const { code, code_verifier: verifier, redirect_uri: redirectUri } = parameters
  const grant = await redeemCliCode(sealer, store, { code, verifier, redirectUri }, origin)
  if (!grant) {
    log.warn({ origin }, 'A command-line code was refused: unknown, used, too old, or of another request')
    return grantError('invalid_grant', 'the code is unknown, used, too old, or of another request')
  }
  const now = Date.now()
  const expiresAt = Math.min(now + CLI_TOKEN_LIFETIME_MS, grant.sessionEndsAt)
  const token = await sessions.startForProgram(grant.parentId, origin, expiresAt)
  if (token === undefined) return grantError('invalid_grant', 'the session that the code is from has ended')
  const body = {
    access_token: CLI_PREFIX + token,
    token_type: 'Bearer',
    expires_in: Math.max(Math.floor((expiresAt - now) / 1_000), 0),
  }
  return Response.json(body, { headers: NO_STORE })
}

/** @returns nothing where one is missing or there twice; what else is there is passed over (RFC 6749 §3.2) */
async function readParameters(request: Request): Promise<z.infer<typeof parametersSchema> | undefined> {
  try {
    const form = await readPostedForm(request, MAX_CLI_FORM_BYTES)
    return parametersSchema.safeParse(Object.fromEntries(form)).data
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function grantError(error: GrantError, description: string): Response {
  return Response.json({ error, error_description: description }, { status: 400, headers: NO_STORE })
}
