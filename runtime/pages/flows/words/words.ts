import type { Markup } from '../../markup.ts'

/** What the pages on the way into an account say. Parts that are markup are names and addresses, escaped already. */
export interface FlowWords {
  /** Names of fields and ways that stand on several pages. */
  common: {
    email: string
    password: string
    newPassword: string
    signIn: string
    continue: string
    cancel: string
    startOver: string
    /** Behind a form, before the providers. */
    orContinueWith: string
    or: string
    usePasskey: string
    needsScript: string
  }
  problem: {
    credentials: string
    email: string
    passkey: string
    tooShort: string
    tooLong: string
    common: string
  }
  signIn: {
    title: string
    toContinue: (app: Markup) => Markup
    as: (email: Markup) => Markup
    otherAddress: string
    lastUsed: string
    forgotten: string
    none: string
    sessionEnded: string
    otherAccount: string
    confirmItIsYou: string
    passwordSet: string
  }
  goOn: { title: string; lead: string }
  verify: {
    title: string
    /** Where there is no mail to look for. */
    failedTitle: string
    lead: (email: Markup, provider: Markup) => Markup
    anyDevice: string
    notSent: (email: Markup) => Markup
    /** @param when as `in 12 minutes` */
    heldBack: (email: Markup, when: Markup) => Markup
    sentAgain: string
    tooMany: string
    notYet: string
    done: string
    again: string
    without: string
    withoutMeans: string
  }
  confirm: {
    title: string
    lead: (email: Markup, provider: Markup) => Markup
    name: string
    warning: string
    yes: string
    no: string
    doneTitle: string
    done: string
    refusedTitle: string
    refused: string
  }
  join: {
    title: string
    lead: (email: Markup) => Markup
    newSignIn: string
    existing: string
    prove: string
    at: (name: Markup, provider: Markup) => Markup
    noWay: string
    proven: string
    decide: (provider: Markup) => Markup
    join: string
    cancelledTitle: string
    cancelled: string
  }
  reset: {
    title: string
    lead: string
    send: string
    sentTitle: string
    sent: (email: Markup) => Markup
    newTitle: string
    newLead: (email: Markup) => Markup
    hint: string
    others: string
    save: string
  }
  invitation: {
    title: (brand: Markup) => Markup
    plainTitle: string
    lead: (email: Markup) => Markup
    setPassword: string
    setPasskey: string
    alsoPasskey: string
    alsoPasskeyLead: string
    later: string
  }
  breakGlass: {
    title: string
    lead: string
    next: string
    passkeyTitle: string
    passkeyLead: string
  }
}
