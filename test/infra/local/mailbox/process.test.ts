import { request } from 'node:http'

import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { boundedFetch } from '../../../../runtime/outbound/index.ts'
import { freePorts } from '../../../support/ports.ts'
import { makeFolder, type ProgramFolder, type RunningProgram, startProgram } from '../support/program.ts'

const MAIN = new URL('../../../../infra/local/mailbox/main.ts', import.meta.url).pathname
const LINK = 'http://login.gw.localhost:8400/verify/c2VjcmV0?a=1&b=2'

let folder: ProgramFolder
let program: RunningProgram
let url: string
let config: { url: string; listen: object; smtp: { host: string; port: number } }

beforeAll(async () => {
  const [port = 0, smtpPort = 0] = await freePorts(2)
  url = `http://mail.gw.localhost:${port}`
  config = { url, listen: { host: '127.0.0.1', port }, smtp: { host: '127.0.0.1', port: smtpPort } }
  folder = await makeFolder()
  await folder.put({ generation: 'one', config })
  program = startProgram(MAIN, folder.path)
  await program.logged('Ready')
})

afterAll(async () => {
  await program.stop()
  await folder.remove()
})

beforeEach(async () => {
  await boundedFetch(`${url}/clear`, { method: 'POST', headers: { origin: url } })
})

async function deliver(mail: { subject: string; text?: string; html?: string; size?: number }): Promise<void> {
  const transport = createTransport({ ...config.smtp, secure: false, ignoreTLS: true })
  const logo = { cid: 'logo@acme', content: Buffer.from([1, 2, 3]), contentType: 'image/png' }
  await transport.sendMail({
    from: 'noreply@acme.example',
    to: 'alice@acme.example',
    headers: { 'X-Gatewright-Mail': 'verify-email' },
    attachments: mail.html === undefined ? [] : [logo],
    ...mail,
  })
  transport.close()
}

async function list(): Promise<{ id: string; subject: string; links: string[]; kind: string; recipients: string[] }[]> {
  const { mails } = (await (await boundedFetch(`${url}/mails.json`)).json()) as { mails: never[] }
  return mails
}

/** What no fetch does: a request under another host's name. */
function askAs(host: string, path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const { port } = new URL(url)
  request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
    .on('error', reject)
    .end()
  return promise
}

it('shows mail that came by SMTP: in a list, as text, as HTML and by its links', async () => {
  expect(await (await boundedFetch(url)).text()).toContain('No mail has come yet.')
  const html = '<html><head></head><body><img src="cid:logo@acme"><script>alert(1)</script></body></html>'
  await deliver({ subject: 'Grüße <b>', text: `Hello\n${LINK}\n<i>`, html })
  const [mail] = await list()
  expect(mail).toMatchObject({ subject: 'Grüße <b>', links: [LINK], kind: 'verify-email' })
  expect(mail?.recipients).toEqual(['alice@acme.example'])
  expect(await (await boundedFetch(url)).text()).toContain(
    `<a href="/mails/${mail?.id}"><bdi>Grüße &lt;b&gt;</bdi></a>`,
  )
  const page = await (await boundedFetch(`${url}/mails/${mail?.id}`)).text()
  expect(page).toContain(`href="${LINK.replaceAll('&', '&amp;')}" target="_blank" rel="noopener noreferrer"`)
  expect(page).toContain(`<iframe src="/mails/${mail?.id}/html"`)
  expect(page).toContain('&lt;i&gt;')
  expect(page).not.toContain('<script')
})

it('shows HTML at no origin, without script, form or anything from elsewhere', async () => {
  const html = '<html><head></head><body><img src="cid:logo@acme"><script>alert(1)</script></body></html>'
  await deliver({ subject: 'Hostile', html })
  const [mail] = await list()
  const framed = await boundedFetch(`${url}/mails/${mail?.id}/html`)
  const policy = framed.headers.get('content-security-policy') ?? ''
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ])
  expect(await framed.text()).toContain(
    '<head><base target="_blank"></head><body><img src="data:image/png;base64,AQID">',
  )
})

it('answers under its own name alone: mails hold links that sign in', async () => {
  await deliver({ subject: 'Secret', text: LINK })
  const [mail] = await list()
  for (const path of ['/', '/mails.json', `/mails/${mail?.id}`, `/mails/${mail?.id}/html`]) {
    expect(await askAs('rebound.evil.example', path)).toBe(421)
    expect(await askAs('127.0.0.1', path)).toBe(421)
    expect(await askAs(new URL(url).host, path)).toBe(200)
  }
})

it('deletes its mail when its own page says so, and not for others', async () => {
  await deliver({ subject: 'Keep', text: 'x' })
  for (const headers of [{ origin: 'http://evil.gw.localhost:8400' }, { origin: 'null' }, {}] as Record<
    string,
    string
  >[]) {
    expect((await boundedFetch(`${url}/clear`, { method: 'POST', headers })).status).toBe(403)
  }
  expect((await boundedFetch(`${url}/clear`)).status).toBe(405)
  expect(await list()).toHaveLength(1)
  const gone = await boundedFetch(`${url}/clear`, { method: 'POST', headers: { origin: url }, redirect: 'manual' })
  expect([gone.status, gone.headers.get('location')]).toEqual([303, '/'])
  expect(await list()).toEqual([])
})

it('has no page for a mail that there is not, and no other way to use one', async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  for (const path of [`/mails/${id}`, `/mails/${id}/html`, '/mails/', '/other']) {
    expect((await boundedFetch(`${url}${path}`)).status).toBe(404)
  }
  expect((await boundedFetch(url, { method: 'PUT' })).status).toBe(405)
})

it('takes no mail that is too large', async () => {
  await expect(deliver({ subject: 'Large', text: 'x'.repeat(3 * 1024 * 1024) })).rejects.toMatchObject({
    responseCode: 552,
  })
  expect(await list()).toEqual([])
})

it('keeps its mail over a reload, and refuses another SMTP address until it is started anew', async () => {
  await deliver({ subject: 'Before', text: 'x' })
  const [other = 0] = await freePorts(1)
  await folder.put({ generation: 'two', config: { ...config, smtp: { host: '127.0.0.1', port: other } } })
  program.reload()
  expect(await program.logged('Release refused')).toMatchObject({
    refused: { generation: 'two', error: 'the SMTP address changes with a restart only' },
  })
  await folder.put({ generation: 'three', config })
  program.reload()
  await program.logged('Reloaded')
  expect(await list()).toHaveLength(1)
})

it.each([
  ['an address that others reach', { url: 'http://mail.acme.example:8404' }],
  ['SMTP on a port that others reach', { smtp: { host: '0.0.0.0', port: 2525 } }],
])('does not start with %s', async (_what, change) => {
  const wrong = await makeFolder()
  await wrong.put({ generation: 'one', config: { ...config, ...change } })
  const started = startProgram(MAIN, wrong.path)
  expect(await started.ended()).toBe(1)
  expect(started.lines.join()).toContain('Cannot start')
  await wrong.remove()
})
