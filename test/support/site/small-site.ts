import { stringify } from 'yaml'

import { createCertificate, type TestCertificate } from '../idp/index.ts'
import { type OktaVendor, startOkta } from '../idp/okta/index.ts'
import { createProject, type Outcome, type Project } from '../project.ts'
import { startSurroundings, type Surroundings } from './cluster.ts'
import { signInBy } from './people.ts'
import { startTraffic, type Traffic } from './traffic.ts'

/** A stack with one provider and one route, and a cluster to deploy it to. */
export interface SmallSite {
  around: Surroundings
  okta: OktaVendor
  project: Project
  certificate: TestCertificate
  /** The app's address, without a path. */
  hello: string
  /** `uid`s of the pods that are not on their way out. */
  podUids(): Promise<string[]>
  signInAs(person: string): ReturnType<typeof signInBy>
  /** Has Alice Archer sign in, and then ask so many times a second. */
  startUsing(perSecond: number): Promise<Traffic>
  close(): Promise<void>
}

export const NAMESPACE = 'gatewright'
export const APP = 'hello.apps.svc.cluster.local:8080'

/**
 * Starts everything but the gateway, which `project.run('up')` deploys; people of `staff` may see the app.
 * @param target of the stack file, beside kind, ingress and metrics; `database` is one of the cluster's side
 */
export async function startSmallSite(target: object, nodes = 1): Promise<SmallSite> {
  const certificate = createCertificate()
  const okta = await startOkta(certificate)
  const vendorPorts = [Number(new URL(`https://${String(okta.settings['domain'])}`).port)]
  const around = await startSurroundings({ certificate, vendorPorts, apps: [APP], nodes })
  const hello = `https://hello.gw.localhost:${around.edge.port}`
  const project = await createProject({
    stackFile: () => stackFile(around.edge.port, okta, target),
    plugins: ['okta', 'kubernetes'],
    environment: {
      NODE_EXTRA_CA_CERTS: certificate.file,
      SSL_CERT_FILE: certificate.file,
      TEST_KUBECONFIG: around.cluster.kubeconfig,
      TEST_DATABASE_URL: await around.createDatabase(),
      ...okta.environment,
    },
  })
  const signInAs = (person: string) => signInBy({ url: `${hello}/`, provider: 'staff', person, ca: certificate.cert })
  return {
    around,
    okta,
    project,
    certificate,
    hello,
    signInAs,
    async podUids() {
      const pods = await around.cluster.pods(NAMESPACE)
      return pods
        .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
        .map(({ metadata }) => String(metadata['uid']))
        .toSorted()
    },
    async startUsing(perSecond) {
      const { browser } = await signInAs('Alice Archer')
      return startTraffic({
        url: `${hello}/work`,
        cookies: [await browser.jar.getCookieString(hello)],
        perSecond,
        ca: certificate.cert,
        expected: (status, body) => status === 200 && body.includes('for Alice Archer'),
      })
    },
    async close() {
      await project.remove()
      await around.close()
      await okta.close()
      certificate.remove()
    },
  }
}

function stackFile(port: number, okta: OktaVendor, target: object): string {
  return stringify({
    config: {
      'gatewright:url': `https://login.gw.localhost:${port}`,
      'gatewright:brands': { default: { autoRedirect: false } },
      'gatewright:identityProviders': { staff: { name: 'Acme', ...okta.settings } },
      'gatewright:routes': {
        hello: { from: `https://hello.gw.localhost:${port}`, to: `http://${APP}`, allow: '"staff" in user.groups' },
      },
      // The network of the test cluster.
      'gatewright:trustedProxies': ['10.0.0.0/8'],
      'gatewright:cluster': { kubeconfig: { env: 'TEST_KUBECONFIG' } },
      'gatewright:target': {
        kind: 'kubernetes',
        ingress: { kind: 'ingress', class: 'nginx', namespace: 'ingress-nginx', tls: { secret: 'edge-tls' } },
        metrics: { namespace: 'monitoring', serviceMonitor: true },
        ...target,
      },
    },
  })
}

/** @throws Error with all that was said, when a command did not end well */
export async function endedWell(command: Promise<Outcome>): Promise<Outcome> {
  const outcome = await command
  if (outcome.code !== 0) throw new Error(`exit code ${outcome.code}: ${outcome.text}`)
  return outcome
}
