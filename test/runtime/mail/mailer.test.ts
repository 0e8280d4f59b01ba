import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { BrandConfig, MailConfig } from '../../../runtime/config.ts'
import { LANGUAGES } from '../../../runtime/languages/index.ts'
import { createMailer, type Mailer, type MailerOptions } from '../../../runtime/mail/index.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { type MailServer, startMailServer } from '../../support/mail-server.ts'
import { INVITATION, LINK, MESSAGES, RESET, VERIFY } from './support/letters.ts'

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const TO = { to: 'alice@acme.example', brand: 'acme', language: 'en' }

const cleanups: (() => unknown)[] = []
const lines: Record<string, unknown>[] = []
let certificate: { key: string; cert: string }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-mail-'))
  const made = await makeCertificate(folder, 'mail', ['localhost'])
  certificate = { key: await readFile(made.keyFile, 'utf8'), cert: made.pem }
})

afterAll(() => rm(folder, { recursive: true }))

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  lines.length = 0
})

async function serve(options?: SMTPServerOptions): Promise<MailServer> {
  const server = await startMailServer(options)
  cleanups.push(() => server.close())
  return server
}

interface Setting {
  mail: Partial<MailConfig> & { port: number }
  brand?: Partial<BrandConfig>
  options?: MailerOptions
}

function open({ mail, brand, options }: Setting): Mailer {
  const config = { host: '127.0.0.1', security: 'none' as const, from: 'noreply@acme.example', ...mail }
  const acme = { name: 'Acme', links: [], ...brand } as unknown as BrandConfig
  const note = (line: object): void => void lines.push(line as Record<string, unknown>)
  const mailer = createMailer(
    { mail: config, brands: { acme } },
    (name) => (name === 'mail-password' ? 'the-password' : ''),
    { info: note, warn: note },
    options,
  )
  if (!mailer) throw new Error('no mailer')
  cleanups.push(() => mailer.close())
  return mailer
}

function trustOwnCertificate(): void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate.cert])
  cleanups.push(() => setDefaultCACertificates(before))
}

it('there is no mailer where the configuration has no mail', () => {
  expect(createMailer({ mail: undefined, brands: {} }, () => '', console)).toBeUndefined()
})

describe('a mail', () => {
  it('arrives with text, HTML and headers that ask for no answer', async () => {
    const server = await serve()
    expect(await open({ mail: { port: server.port } }).send(TO, VERIFY)).toBe('sent')
    const mail = await server.waitFor('alice@acme.example', 'verify_email')
    expect(mail.sender).toBe('noreply@acme.example')
    expect(mail.recipients).toEqual(['alice@acme.example'])
    expect(mail.subject).toBe('Confirm your email address for Acme')
    expect(mail.from).toBe('Acme <noreply@acme.example>')
    expect(mail.to).toBe('alice@acme.example')
    expect(mail.text).toContain('You are signing in to Acme with Contoso.')
    expect(mail.html).toContain('You are signing in to Acme with Contoso.')
    expect(mail.links).toEqual([LINK])
    expect(mail.images).toEqual([])
    expect(Object.fromEntries(mail.headers)).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'content-language': 'en',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@acme\.example>$/),
      date: expect.stringMatching(/^\w{3}, /),
    })
    expect(mail.headers.has('x-mailer')).toBe(false)
  })

  it('arrives in every kind and language, with subjects in any script', async () => {
    const server = await serve()
    const mailer = open({ mail: { port: server.port }, brand: { name: 'Ärzte & 山田' } })
    const sent = LANGUAGES.flatMap((language) => MESSAGES.map((message) => mailer.send({ ...TO, language }, message)))
    expect(new Set(await Promise.all(sent))).toEqual(new Set(['sent']))
    expect(server.mails()).toHaveLength(LANGUAGES.length * MESSAGES.length)
    for (const mail of server.mails()) {
      expect(mail.subject).toContain('Ärzte & 山田')
      expect(mail.from).toBe('Ärzte & 山田 <noreply@acme.example>')
      expect(mail.links).toEqual([LINK])
      // RFC 5322 §2.1.1: no line is longer than 998 octets.
      expect(Math.max(...mail.source.split('\r\n').map((line) => line.length))).toBeLessThan(998)
    }
  })

  it('is in English where the language is none of ours', async () => {
    const server = await serve()
    await open({ mail: { port: server.port } }).send({ ...TO, language: 'tlh' }, RESET)
    expect((await server.waitFor(TO.to)).subject).toBe('Reset your password for Acme')
  })

  it('brings a logo that mail programs show, and no other', async () => {
    const server = await serve()
    const png = { type: 'image/png' as const, data: PIXEL }
    await open({ mail: { port: server.port }, brand: { logo: png } }).send(TO, RESET)
    const { images, html } = await server.waitFor(TO.to)
    expect(images).toEqual([{ id: 'logo@acme.example', type: 'image/png', content: Buffer.from(PIXEL, 'base64') }])
    expect(html).toContain('src="cid:logo@acme.example" alt="Acme"')
    const svg = { type: 'image/svg+xml' as const, data: Buffer.from('<svg/>').toString('base64') }
    await open({ mail: { port: server.port }, brand: { logo: svg } }).send(TO, RESET)
    expect(await server.waitFor(TO.to)).toMatchObject({ images: [], html: expect.not.stringContaining('<img') })
  })

  it('gets no header and no recipient from a name', async () => {
    const server = await serve()
    const name = 'Acme\r\nBcc: bob@evil.example\r\n\r\nHello "<eve@evil.example>,'
    const mailer = open({ mail: { port: server.port }, brand: { name } })
    await mailer.send(TO, { ...INVITATION, invitedBy: name })
    await mailer.send(TO, { ...VERIFY, provider: name })
    for (const mail of server.mails()) {
      expect(mail.recipients).toEqual([TO.to])
      expect([...mail.headers.keys()]).not.toContain('bcc')
      expect(mail.headers.get('from')).toMatch(/ <noreply@acme\.example>$/)
      expect(mail.source.split('\r\n\r\n', 1)[0]).not.toMatch(/^bcc:/im)
    }
    expect(server.mails()).toHaveLength(2)
  })

  it('is logged by kind, brand, domain and outcome, and by nothing that is secret or personal', async () => {
    const server = await serve()
    await open({ mail: { port: server.port } }).send(TO, INVITATION)
    expect(lines).toEqual([{ kind: 'invitation', brand: 'acme', domain: 'acme.example' }])
    expect(JSON.stringify(lines)).not.toMatch(/alice|verify\/|the-password/i)
  })
})

describe('a mail to the server with a password', () => {
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, callback) =>
    username === 'gateway' && password === 'the-password'
      ? callback(null, { user: username })
      : callback(Object.assign(new Error('no'), { responseCode: 535 }))

  it('goes over STARTTLS with user and password', async () => {
    trustOwnCertificate()
    const server = await serve({ ...certificate, onAuth })
    const mail = { port: server.port, host: 'localhost', security: 'starttls' as const, user: 'gateway' }
    expect(await open({ mail }).send(TO, RESET)).toBe('sent')
    expect(await server.waitFor(TO.to)).toMatchObject({ secure: true, user: 'gateway' })
  })

  it('goes over TLS from the first byte on', async () => {
    trustOwnCertificate()
    const server = await serve({ ...certificate, onAuth, secure: true })
    const mail = { port: server.port, host: 'localhost', security: 'tls' as const, user: 'gateway' }
    expect(await open({ mail }).send(TO, RESET)).toBe('sent')
    expect(await server.waitFor(TO.to)).toMatchObject({ secure: true, user: 'gateway' })
  })

  it('fails where they are refused', async () => {
    trustOwnCertificate()
    const server = await serve({ ...certificate, onAuth })
    const mail = { port: server.port, host: 'localhost', security: 'starttls' as const, user: 'someone' }
    expect(await open({ mail }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'login_refused', responseCode: 535 }])
    expect(server.mails()).toEqual([])
  })
})

describe('a mail over TLS is not sent, and no password either,', () => {
  const seen: string[] = []
  const refusing: SMTPServerOptions = {
    authOptional: true,
    onAuth(_auth, _session, callback) {
      seen.push('password')
      callback(null, { user: 'x' })
    },
    onMailFrom(_address, _session, callback) {
      seen.push('sender')
      callback()
    },
  }
  afterEach(() => seen.splice(0))

  it.each([
    ['to a server that does not offer STARTTLS', { disabledCommands: ['STARTTLS'] }, 'starttls', 'localhost'],
    [
      'to a server that hides STARTTLS and refuses it',
      { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] },
      'starttls',
      'localhost',
    ],
    ['to a server that speaks clear text', { disabledCommands: ['STARTTLS'] }, 'tls', 'localhost'],
  ] as const)('%s', async (_what, extra, security, host) => {
    trustOwnCertificate()
    const server = await serve({ ...certificate, ...refusing, ...extra, disabledCommands: [...extra.disabledCommands] })
    expect(await open({ mail: { port: server.port, host, security, user: 'gateway' } }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'tls_failed' }])
    expect([seen, server.mails()]).toEqual([[], []])
  })

  it.each(['starttls', 'tls'] as const)('to a certificate that nobody vouches for (%s)', async (security) => {
    const server = await serve({ ...certificate, ...refusing, secure: security === 'tls' })
    const mail = { port: server.port, host: 'localhost', security, user: 'gateway' }
    expect(await open({ mail }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'tls_failed' }])
    expect([seen, server.mails()]).toEqual([[], []])
  })

  it.each(['starttls', 'tls'] as const)('to a certificate of another name (%s)', async (security) => {
    trustOwnCertificate()
    const server = await serve({ ...certificate, ...refusing, secure: security === 'tls' })
    const mail = { port: server.port, host: 'mail.localhost', security, user: 'gateway' }
    expect(await open({ mail }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'tls_failed' }])
    expect([seen, server.mails()]).toEqual([[], []])
  })
})

it('there is no mailer for clear text to another machine', () => {
  const mail = { host: 'mail.acme.example', port: 25, security: 'none' as const, from: 'noreply@acme.example' }
  expect(() => createMailer({ mail, brands: {} }, () => '', console)).toThrow(/mail\.security is none/)
})

it('a user without a password is told when the mailer is made', () => {
  const secret = (name: string): string => {
    throw new Error(`the secret ${name} is missing`)
  }
  const mail = { host: '127.0.0.1', port: 25, security: 'none' as const, from: 'noreply@acme.example', user: 'gateway' }
  expect(() => createMailer({ mail, brands: {} }, secret, console)).toThrow('the secret mail-password is missing')
})

describe('a mail fails', () => {
  it('when nobody listens', async () => {
    const server = await startMailServer()
    await server.close()
    expect(await open({ mail: { port: server.port } }).send(TO, RESET)).toBe('failed')
    expect(lines).toEqual([{ kind: 'password_reset', brand: 'acme', domain: 'acme.example', code: 'unreachable' }])
  })

  it.each([
    ['the recipient is refused', { onRcptTo: refuse(550) }, 'address_refused', 550],
    ['the sender is refused', { onMailFrom: refuse(553) }, 'address_refused', 553],
    ['the recipient is refused for now', { onRcptTo: refuse(451) }, 'address_refused', 451],
  ] as const)('when %s', async (_what, options, code, responseCode) => {
    const server = await serve(options)
    expect(await open({ mail: { port: server.port } }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code, responseCode }])
    expect(server.mails()).toEqual([])
  })

  it('when the message is refused', async () => {
    const server = await serve({
      onData(stream, _session, callback) {
        stream.resume().on('end', () => callback(Object.assign(new Error('spam'), { responseCode: 554 })))
      },
    })
    expect(await open({ mail: { port: server.port } }).send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'message_refused', responseCode: 554 }])
  })

  it('when it goes to what is no address, before anybody is asked', async () => {
    const server = await serve()
    const mailer = open({ mail: { port: server.port } })
    for (const to of ['', 'alice', 'a@acme.example,b@evil.example', 'a@acme.example\r\nDATA']) {
      expect(await mailer.send({ ...TO, to }, RESET)).toBe('failed')
    }
    expect(lines.map(({ code, domain = 'none' }) => `${String(code)} ${String(domain)}`)).toEqual(
      Array(4).fill('address_invalid none'),
    )
    expect(server.mails()).toEqual([])
  })

  it('when its link is none, or its brand', async () => {
    const server = await serve()
    const mailer = open({ mail: { port: server.port } })
    expect(await mailer.send(TO, { ...RESET, link: '/reset' })).toBe('failed')
    expect(await mailer.send({ ...TO, brand: 'other' }, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'internal' }, { code: 'internal' }])
    expect(server.mails()).toEqual([])
  })

  it('when the mailer was closed', async () => {
    const server = await serve()
    const mailer = open({ mail: { port: server.port } })
    mailer.close()
    expect(await mailer.send(TO, RESET)).toBe('failed')
    expect(lines).toMatchObject([{ code: 'closed' }])
    expect(server.mails()).toEqual([])
  })
})

describe('a server that says nothing', () => {
  async function serveSilence(): Promise<{ port: number; sockets: Set<Socket> }> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).resume())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const address = server.address()
    return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, sockets }
  }

  it('is left when the time is over, by the mail that is with it and those that wait', async () => {
    const { port, sockets } = await serveSilence()
    const mailer = open({ mail: { port }, options: { deadlineMs: 150 } })
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => mailer.send(TO, RESET)))
    expect(outcomes).toEqual(Array(8).fill('failed'))
    expect(lines.map(({ code }) => code)).toEqual(Array(8).fill('timed_out'))
    for (const socket of sockets) if (!socket.closed) await once(socket, 'close')
    expect(sockets.size).toBeGreaterThan(0)
  })

  it('has a hundred mails waiting at most', async () => {
    const { port } = await serveSilence()
    const mailer = open({ mail: { port }, options: { deadlineMs: 150 } })
    await Promise.all(Array.from({ length: 103 }, () => mailer.send(TO, RESET)))
    expect(lines.filter(({ code }) => code === 'busy')).toHaveLength(3)
    expect(lines.filter(({ code }) => code === 'timed_out')).toHaveLength(100)
  })
})

it('a mail goes out after the server has closed the connection that was kept', async () => {
  const server = await serve()
  const clients: Socket[] = []
  const between = createServer((client) => {
    clients.push(client.on('error', () => undefined))
    const onward = connect(server.port, '127.0.0.1').on('error', () => undefined)
    client.pipe(onward).pipe(client)
    client.on('close', () => onward.destroy())
  })
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  cleanups.push(() => between.close())
  const address = between.address()
  const mailer = open({ mail: { port: typeof address === 'object' ? (address?.port ?? 0) : 0 } })
  expect(await mailer.send(TO, RESET)).toBe('sent')
  expect(await mailer.send(TO, RESET)).toBe('sent')
  expect(clients).toHaveLength(1)
  clients[0]?.destroy()
  expect(await mailer.send(TO, RESET)).toBe('sent')
  expect(clients).toHaveLength(2)
  expect(server.mails()).toHaveLength(3)
})

function refuse(responseCode: number): NonNullable<SMTPServerOptions['onRcptTo']> {
  return (_address, _session, callback) => callback(Object.assign(new Error('no'), { responseCode }))
}
