import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createCertificate } from '../../support/idp/index.ts'
import { startPocketId } from '../../support/idp/pocket-id/index.ts'
import { createProject } from '../../support/project.ts'
it(`outputs`, async () => {
  const certificate = createCertificate()
  const vendor = await startPocketId(certificate)
  const other = await startPocketId(certificate)
  const project = await createProject({
    environment: { NODE_EXTRA_CA_CERTS: certificate.file, SSL_CERT_FILE: certificate.file, ...vendor.environment },
    stackFile: ({ gateway, admin, app }) =>
      stringify({
        config: {
          'gatewright:url': `http://login.gw.localhost:${gateway}`,
          'gatewright:identityProviders': { one: vendor.settings },
          'gatewright:routes': {
            hello: {
              from: `http://hello.gw.localhost:${gateway}`,
              to: `http://127.0.0.1:${app}`,
              allow: '"staff" in user.groups',
            },
          },
          'gatewright:sampleApp': { route: 'hello' },
          'gatewright:target': { kind: 'process', listen: `127.0.0.1:${gateway}`, admin: `127.0.0.1:${admin}` },
        },
      }),
  })
  try {
    const up = await project.run('up')
    expect(up.code, up.text).toBe(0)
    const url = String(vendor.settings['url'])
    // fails in the middle
    vendor.faults.before = ({ method }) => (method === 'GET' ? undefined : { status: 400, body: { error: 'no' } })
    await project.editStack((text) =>
      text.replace(/gatewright:url: .*/, `gatewright:url: http://login2.gw.localhost:${project.ports.gateway}`),
    )
    const failed = await project.pulumi('up', '-s', 'local', '--yes', '--skip-preview')
    vendor.faults.before = undefined
    console.log('failed up', failed.code)
    console.log('OUTPUTS', (await project.pulumi('stack', 'output', '-s', 'local', '--json')).text)
    await project.editStack((text) => text.replace(`url: ${url}`, `url: ${other.settings['url']}`))
    let n = other.log.length
    const p = await project.pulumi('preview', '-s', 'local', '--non-interactive')
    console.log('PREVIEW of moved', p.code, p.text.slice(-600), other.log.slice(n))
    await project.editStack((text) => text.replace(`url: ${other.settings['url']}`, `url: ${url}`))
    console.log('repair', (await project.run('up')).code)
    // renamed provider, with its credential, to an address that was never deployed
    await project.editStack((text) =>
      text.replace('one:', 'uno:').replace(`url: ${url}`, `url: ${other.settings['url']}`),
    )
    n = other.log.length
    const r = await project.pulumi('preview', '-s', 'local', '--non-interactive')
    console.log('PREVIEW of renamed', r.code, r.text.slice(-600), other.log.slice(n))
    await project.editStack((text) =>
      text.replace('uno:', 'one:').replace(`url: ${other.settings['url']}`, `url: ${url}`),
    )
    const file = project.folder + '/infra/known-addresses.ts'
    const src = await readFile(file, 'utf8')
    await writeFile(
      file,
      src.replace(
        'const problems =',
        "const all = await pulumi.runtime.invoke('pulumi:pulumi:readStackResourceOutputs', { stackName: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}` }); console.log('RESOURCES', JSON.stringify(all).slice(0, 3000))\n  const problems =",
      ),
    )
    console.log((await project.pulumi('preview', '-s', 'local', '--non-interactive')).text)
  } finally {
    await project.remove().catch((e: Error) => console.log(String(e).slice(0, 300)))
    await vendor.close()
    await other.close()
    certificate.remove()
  }
}, 240000)
