import type { SecurityChange } from '../contract.ts'

/** One change to an account's security. */
export interface ChangeWords {
  /** Also the heading; a sentence without its full stop. */
  subject: string
  /** @param name of the passkey or the identity provider, where the change has one */
  happened: (brand: string, name: string) => string
}

/** All that mails say, in one language. Names come without marks around them; the language has its own. */
export interface Words {
  verifyEmail: {
    subject: (brand: string) => string
    heading: string
    lead: (brand: string, provider: string) => string
    action: string
    ignore: (brand: string) => string
  }
  invitation: {
    subject: (brand: string) => string
    heading: (brand: string) => string
    lead: (brand: string) => string
    leadBy: (brand: string, invitedBy: string) => string
    action: string
    ignore: string
  }
  passwordReset: {
    subject: (brand: string) => string
    heading: string
    lead: (brand: string) => string
    action: string
    ignore: string
  }
  securityNotice: {
    changes: Readonly<Record<SecurityChange['what'], ChangeWords>>
    /** When it happened, and the network address that it came from; each stands before its value. */
    when: string
    from: string
    action: string
    notYou: string
  }
  /** Until when the link is good, and that it is good once. */
  expires: (time: string) => string
  /** Stands before the link itself. */
  elsewhere: string
  /** Who sent the mail, and that nobody reads an answer. */
  foot: (brand: string) => string
}
