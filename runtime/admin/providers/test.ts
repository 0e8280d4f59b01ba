import { auditEvent } from '../../accounts/index.ts'
import type { AuthenticateContext } from '../../authenticate/index.ts'
import { callbackUrl } from '../../config.ts'
import { type Check, type ConnectionFindings, describeFindings, testConnection } from '../../connection-test/index.ts'
import { mayStayPrivate } from '../../outbound/index.ts'
import type { Visit } from '../visit.ts'
import { findProvider } from './find.ts'
import type { ProviderAtBrand } from './settings.ts'
import { providerPage } from './show.ts'
import { showFindings } from './findings.ts'

/** How long a provider may take for everything together, in milliseconds. */
const TIMEOUT_MS = 20_000

/**
 * Makes the test of a connection: by the gateway itself, with the client and credentials that it runs with. They are shown only
 * to the issuer that the applied configuration has for them. Who presses the button twice gets one test.
 * @returns what answers with the provider's page and what was found @throws Refusal `not_found`
 */
export function createProviderTests(context: AuthenticateContext): (visit: Visit, id: string) => Promise<Response> {
  /** By provider; at most one of each runs. */
  const running = new Map<string, Promise<ConnectionFindings>>()

  function run(at: ReturnType<typeof findProvider>): Promise<ConnectionFindings> {
    const { id } = at
    const known = running.get(id)
    if (known) return known
    const started = testProvider(at).finally(() => running.delete(id))
    running.set(id, started)
    return started
  }

  return async (visit, id) => {
    const at = findProvider(visit, id)
    const findings = await run(at)
    const checks = describeFindings(findings, clientOf(at), stackOf(context.config.stackFile))
    const { brand, actor, look } = visit
    const happened = { brand: brand.id, account: undefined, at: Date.now() }
    await context.store.recordAudit([
      auditEvent('provider.tested', happened, actor, { provider: id, result: verdictOf(checks) }),
    ])
    return providerPage(visit, at, showFindings(look, at.provider.issuer, findings, checks))
  }
}

function testProvider(at: ReturnType<typeof findProvider>): Promise<ConnectionFindings> {
  const { provider, runs, loginUrl } = at
  const { issuer, endpoints, allowPrivateAddresses } = provider
  const target = {
    issuer,
    endpoints,
    client: { ...clientOf(at), showCredentials: () => runs.showCredentials(loginUrl) },
    allowPrivateAddresses: mayStayPrivate(issuer, allowPrivateAddresses),
  }
  return testConnection(target, AbortSignal.timeout(TIMEOUT_MS))
}

function clientOf({ id, provider, registrations, loginUrl }: ProviderAtBrand) {
  return {
    kind: provider.kind,
    clientId: registrations[0]?.clientId ?? '',
    callbackUrl: callbackUrl(loginUrl, id),
  }
}

/** @param file like `stacks/Pulumi.production.yaml` */
function stackOf(file: string): string {
  return /Pulumi\.([^/\\]+)\.ya?ml$/.exec(file)?.[1] ?? file
}

/** In one word, for the log. */
function verdictOf(checks: readonly Check[]): Check['state'] {
  const order = ['wrong', 'due', 'unclear'] as const
  return order.find((state) => checks.some((check) => check.state === state)) ?? 'good'
}
