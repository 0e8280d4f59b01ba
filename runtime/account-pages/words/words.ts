import type { Profile } from '../../store/index.ts'
import type { Markup } from '../../pages/index.ts'

/** What was done, as the page says it that follows. The names stand in addresses. */
export const DONE = [
  'saved',
  'reset',
  'password_set',
  'password_removed',
  'passkey_added',
  'passkey_renamed',
  'passkey_removed',
  'disconnected',
  'session_ended',
  'others_ended',
] as const
export type Done = (typeof DONE)[number]

/** Fields that people change themselves. */
export type OwnField = Exclude<keyof Profile, 'picture'>

/** What the account pages say. Parts that are markup are names and addresses, escaped already. */
export interface AccountWords {
  /** Names the pages all together. */
  account: string
  tabs: { profile: string; security: string; sessions: string; data: string; signOut: string }
  common: { save: string; back: string; since: string; lastUsed: string; never: string; unknown: string; ways: string }
  done: Readonly<Record<Done, string>> & { connected: (provider: Markup) => Markup }
  profile: {
    lead: string
    fields: Readonly<Record<OwnField, string>>
    websiteHint: string
    websiteProblem: string
    email: string
    emailNote: string
    noEmail: string
    language: string
    languageHint: string
    own: string
    ownLead: string
    ownCaption: string
    field: string
    now: string
    empty: string
    reset: string
  }
  security: {
    lead: string
    recent: string
    /** Only where mail is set up. */
    mailed: string
  }
  password: {
    heading: string
    set: string
    changedAt: (when: Markup) => Markup
    none: string
    unused: string
    needsAddress: string
    setButton: string
    changeButton: string
    removeButton: string
    setTitle: string
    changeTitle: string
    present: string
    next: string
    hint: (shortest: number) => string
    others: string
    forgotten: string
    wrong: string
    tooShort: (shortest: number) => string
    tooLong: (longest: number) => string
    common: string
    removeTitle: string
    removeQuestion: string
  }
  passkeys: {
    heading: string
    lead: string
    caption: string
    empty: string
    name: string
    add: string
    addTitle: string
    addLead: string
    create: string
    failed: string
    inUse: string
    tooMany: string
    rename: string
    renameTitle: string
    remove: string
    removeTitle: string
    removeQuestion: (name: Markup) => Markup
  }
  connected: {
    heading: string
    lead: string
    caption: string
    empty: string
    provider: string
    email: string
    linked: string
    isNew: string
    notUsable: string
    connect: (provider: string) => string
    more: string
    disconnect: string
    disconnectTitle: (provider: Markup) => Markup
    plainTitle: string
    disconnectQuestion: (provider: Markup) => Markup
  }
  /** Why the last way in stays, and what to do. */
  last: {
    title: string
    lead: (way: Markup) => Markup
    todo: string
    password: string
    passkey: string
    connect: string
    administrator: string
    aPassword: string
  }
  sessions: {
    lead: string
    caption: string
    empty: string
    device: string
    thisOne: string
    method: string
    address: string
    began: string
    seen: string
    byPassword: string
    byPasskey: string
    end: string
    endOthers: string
    endOthersLead: string
    ended: string
    on: (browser: string, system: string) => string
    unknown: string
  }
  data: {
    lead: string
    exportHeading: string
    exportLead: string
    export: string
    deleteHeading: string
    deleteLead: string
    delete: string
    deleteTitle: string
    consequences: readonly string[]
    fromStack: string
    typeToConfirm: (phrase: string) => string
    /** Typed where there is no address to type. */
    phrase: string
    mismatch: string
    confirm: string
    deletedTitle: string
    deleted: (brand: Markup) => Markup
  }
}
