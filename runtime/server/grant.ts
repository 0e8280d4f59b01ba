import type { Header, HeaderPacker, Subject } from '../identity/index.ts'
import type { GrantBytes } from './passes/index.ts'

/** What somebody who was let in has at a route. */
export interface Grant {
  /** What the app is told about them. */
  identity: readonly Header[]
  /** `Subject.id`, for the log. */
  person: string
  /** Kept only where the rule reads more than who it is, and so has to be asked about each request. */
  subject: Subject | undefined
}

/** Of a person's id. */
const LENGTH_BYTES = 1

/** Writes a grant as its person and what the packer makes of its headers. */
export function createGrantBytes(packer: HeaderPacker): GrantBytes<Grant> {
  return {
    pack({ identity, person, subject }) {
      const headers = subject ? undefined : packer.pack(identity)
      if (!headers || !/^[\x20-\x7e]{1,255}$/.test(person)) return undefined
      return Buffer.concat([Buffer.of(person.length), Buffer.from(person, 'latin1'), headers])
    },
    unpack(bytes, start, end) {
      const from = start + LENGTH_BYTES
      const to = from + bytes.readUInt8(start)
      return { person: bytes.toString('latin1', from, to), identity: packer.unpack(bytes, to, end), subject: undefined }
    },
  }
}
