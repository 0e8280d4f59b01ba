import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** What a page asks an authenticator for, in JSON. */
interface Asked {
  challenge: string
  rpId?: string
  rp?: { id: string }
  user?: { id: string }
}

export interface AnswerOptions {
  /** Origin of the page. */
  origin: string
  /** Whether it has seen who uses it. @default true */
  userVerified?: boolean
  /** Bends what is signed. @default honest */
  crossOrigin?: boolean
}

/** An authenticator in software: it makes one passkey (ES256, no attestation) and signs with it (WebAuthn Level 3 §6). */
export interface Authenticator {
  id: string
  /** The answer to a request for a new passkey, as the page's form has it. */
  create(options: string, answer: AnswerOptions): string
  /** The answer to a sign-in. */
  get(options: string, answer: AnswerOptions): string
}

const [USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL] = [0x01, 0x04, 0x40]

export function createAuthenticator(): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(16)
  const id = credentialId.toString('base64url')
  let counter = 0
  let userHandle: string | null = null

  function authenticatorData(rpId: string, flags: number, credential = Buffer.alloc(0)): Buffer {
    const head = Buffer.alloc(5)
    head.writeUInt8(flags)
    head.writeUInt32BE((counter += 1), 1)
    return Buffer.concat([sha256(rpId), head, credential])
  }

  return {
    id,
    create(options, { origin, userVerified = true, crossOrigin }) {
      const asked = JSON.parse(options) as Asked
      userHandle = asked.user?.id ?? null
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(x, y)])
      const flags = USER_PRESENT | (userVerified ? USER_VERIFIED : 0) | HAS_CREDENTIAL
      const data = authenticatorData(asked.rp?.id ?? '', flags, credential)
      return JSON.stringify({
        ...named(id),
        response: {
          clientDataJSON: clientData('webauthn.create', asked.challenge, origin, crossOrigin).toString('base64url'),
          attestationObject: attestation(data).toString('base64url'),
          transports: ['internal'],
        },
      })
    },
    get(options, { origin, userVerified = true, crossOrigin }) {
      const asked = JSON.parse(options) as Asked
      const data = authenticatorData(asked.rpId ?? '', USER_PRESENT | (userVerified ? USER_VERIFIED : 0))
      const client = clientData('webauthn.get', asked.challenge, origin, crossOrigin)
      const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(client).digest()]), privateKey)
      return JSON.stringify({
        ...named(id),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle,
        },
      })
    },
  }
}

function named(id: string) {
  return { id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform' }
}

function clientData(type: string, challenge: string, origin: string, crossOrigin = false): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }))
}

/** RFC 9053 §7.1.1, in CBOR: EC2, ES256, P-256. */
function coseKey(x: string, y: string): Buffer {
  const [head, next] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')]
  return Buffer.concat([head, Buffer.from(x, 'base64url'), next, Buffer.from(y, 'base64url')])
}

/** §8.7, the attestation that says nothing. */
function attestation(data: Buffer): Buffer {
  const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(data.length)
  return Buffer.concat([head, length, data])
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
