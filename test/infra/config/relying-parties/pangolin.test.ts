import { describe, expect, it } from 'vitest'

import { pangolin } from '../../../../infra/config/relying-parties/pangolin.ts'

const smallest = {
  kind: 'pangolin',
  url: 'https://pangolin.corp.example',
  api: 'https://api.pangolin.corp.example/v1',
  credentials: { apiKey: 'id.secret' },
  identityProvider: 'people',
}

describe('a Pangolin', () => {
  it('needs no more than where it is, a key, and an identity provider', () => {
    expect(pangolin.parse(smallest)).toMatchObject({
      scopes: ['openid', 'profile', 'email'],
      emailPath: 'email',
      namePath: 'name',
      autoProvision: false,
      organizations: {},
      removal: 'allowed',
    })
    expect(pangolin.parse(smallest)).not.toHaveProperty('identifierPath')
  })

  it.each([
    [{ url: 'https://corp.example/pangolin' }, 'url', 'leave out the path'],
    [{ url: 'http://pangolin.corp.example' }, 'url', 'use https'],
    [{ api: 'https://api.pangolin.corp.example' }, 'api', 'write it with its version'],
    [{ api: 'http://api.pangolin.corp.example/v1' }, 'api', 'use https'],
    [{ scopes: 'profile email' }, 'scopes', 'openid must be among them'],
    [{ identifierPath: "contains(groups, 'a'" }, 'identifierPath', 'a ) is missing'],
    [{ autoProvision: true }, 'organizations', 'name one at least'],
    [{ organizations: { Acme: { role: 'Member' } } }, 'organizations.Acme', 'use the id of the organization'],
    [{ organizations: { 'a--b': { role: 'Member' } } }, 'organizations.a--b', 'use the id of the organization'],
    [{ organizations: { acme: {} } }, 'organizations.acme', 'either role, or roleMapping'],
    [
      { organizations: { acme: { role: 'A', roleMapping: "'B'" } } },
      'organizations.acme',
      'either role, or roleMapping',
    ],
    [{ organizations: { acme: { roleMapping: '`Member`' } } }, 'organizations.acme.roleMapping', 'is no literal'],
    [{ organisations: {} }, '', 'Unrecognized key'],
  ])('denies %j', (changed, path, words) => {
    const { error } = pangolin.safeParse({ ...smallest, ...changed })
    const mistakes = error?.issues.map((issue) => `${issue.path.join('.')}: ${JSON.stringify(issue)}`) ?? []
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}: `))
    expect(mistakes[0]).toContain(words)
  })
})
