import type { Markup } from '../markup.ts'

/** What the pages say. Parts that are markup are names of people, hosts and brands, escaped already. */
export interface PageWords {
  layout: { protectedBy: string; language: string; skip: string }
  parts: {
    requestId: string
    copy: string
    copied: string
    cancel: string
    search: string
    clear: string
    newer: string
    older: string
    pages: string
    /** Behind a field's name. */
    optional: string
    utc: string
  }
  denied: {
    title: string
    heading: string
    destination: (app: Markup) => Markup
    /** @param needs what the app asks for, in English: a rule has no other words */
    needs: (person: Markup, needs: Markup) => Markup
    switch: string
    signOut: string
    ask: string
  }
  home: {
    title: string
    heading: string
    person: (person: Markup) => Markup
    go: (brand: Markup) => Markup
    account: string
    administration: string
    signOut: string
  }
  signOut: {
    title: string
    heading: string
    headingOf: (brand: Markup) => Markup
    app: (app: Markup) => Markup
    person: (person: Markup) => Markup
    endsAll: (brand: Markup) => Markup
    endsEither: (brand: Markup) => Markup
    confirm: string
    everything: string
    onlyApp: string
  }
  signedOut: {
    title: string
    heading: string
    app: (app: Markup) => Markup
    nothing: string
    ended: string
    goesOn: string
    sessionAt: (place: Markup) => Markup
    sessionAtAll: (brand: Markup) => Markup
    letsInAgain: string
    notOffered: string
    unreachable: string
    signIn: string
    signOutOfAll: string
  }
  resume: {
    title: string
    heading: string
    lead: string
    goesTo: string
    fields: string
    noFields: string
    more: (count: number) => string
    send: string
    dismiss: string
    warning: string
  }
  cli: {
    title: string
    heading: string
    destination: (app: Markup) => Markup
    warning: string
    actsAs: string
    mayUse: string
    mayUseWhat: string
    duration: string
    minutes: (count: number) => string
    program: string
    listensAt: (listener: Markup) => Markup
    allow: string
    deny: string
  }
}
