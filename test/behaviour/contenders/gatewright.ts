import { startGatewayProcess } from '../../support/gateway-process.ts'
import { freePorts } from '../../support/ports.ts'
import { baseConfig, forwardTo, makeSecrets } from '../../support/release.ts'
import type { Contender } from './contender.ts'

/** The gateway's bundle with one public route; a protected one differs in what is added, which the page says. */
export async function startGatewright(upstream: string): Promise<Contender> {
  const [port = 0, adminPort = 0] = await freePorts(2)
  const config = baseConfig({ listenPort: port, adminPort, appPort: 1, issuer: 'http://idp.gw.localhost:1' })
  for (const route of Object.values(config.routes)) route.action = forwardTo(upstream)
  const gateway = await startGatewayProcess({ config, secrets: makeSecrets(Object.keys(config.identityProviders)) })
  return { port, host: `docs.gw.localhost:${port}`, close: () => gateway.kill() }
}
