import * as pulumi from '@pulumi/pulumi'
import { Gateway, IdentityProvider, RelyingParty } from 'gatewright'

const config = new pulumi.Config()
const port = (name: string, usual: number): number => config.getNumber(name) ?? usual
const gateway = port('gateway', 8410)

// The app of one's own: people come to it through the gateway, which says who they are.
const edge = new Gateway('edge', {
  url: `http://login.own-app.localhost:${gateway}`,
  identityProviders: {
    // In the place of your own, such as { kind: 'okta', domain: 'acme.okta.com', credentials: { apiToken: config.requireSecret('okta') }, … }.
    acme: {
      kind: 'local',
      url: `http://acme.own-app.localhost:${port('acme', 8412)}`,
      people: { alice: { name: 'Alice Archer', email: 'alice@acme.example', groups: ['staff'] } },
    },
  },
  routes: {
    app: {
      from: `http://app.own-app.localhost:${gateway}`,
      to: `http://127.0.0.1:${port('app', 8413)}`,
      allow: '"staff" in user.groups',
    },
  },
  // A second client at the same provider, for an app that signs people in itself.
  relyingParties: {
    billing: {
      kind: 'app',
      app: 'other',
      url: 'https://billing.acme.example',
      redirectUris: ['https://billing.acme.example/callback'],
      identityProvider: 'acme',
    },
  },
  target: { kind: 'process', listen: `127.0.0.1:${gateway}`, admin: `127.0.0.1:${port('admin', 8411)}` },
})

// An identity provider without any gateway, and a client there.
const partners = new IdentityProvider('partners', {
  kind: 'local',
  url: `http://partners.own-app.localhost:${port('partners', 8414)}`,
  people: { bob: { name: 'Bob Baker', email: 'bob@partner.example' } },
})
const reports = new RelyingParty('reports', {
  kind: 'app',
  app: 'grafana',
  url: 'https://reports.acme.example',
  identityProvider: partners,
})

export const { access, people } = edge
/** What the apps are to be given; `pulumi stack output --show-secrets` shows it. */
export const billing = edge.relyingPartySettings?.apply((settings) => settings['billing'])
export const grafana = reports.settings
export const whoMaySeeReports = reports.access
