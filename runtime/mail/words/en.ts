import type { Words } from './words.ts'

export const en: Words = {
  verifyEmail: {
    subject: (brand) => `Confirm your email address for ${brand}`,
    heading: 'Confirm your email address',
    lead: (brand, provider) =>
      `You are signing in to ${brand} with ${provider}. Please confirm that this email address is yours.`,
    action: 'Confirm email address',
    ignore: (brand) => `If you are not signing in to ${brand}, do not open the link. Nothing happens without it.`,
  },
  invitation: {
    subject: (brand) => `Your invitation to ${brand}`,
    heading: (brand) => `You are invited to ${brand}`,
    lead: (brand) => `An account at ${brand} is ready for you. Accept the invitation to choose how you sign in.`,
    leadBy: (brand, invitedBy) =>
      `${invitedBy} has invited you to ${brand}. Accept the invitation to choose how you sign in.`,
    action: 'Accept invitation',
    ignore: 'If you did not expect this invitation, you can ignore this email.',
  },
  passwordReset: {
    subject: (brand) => `Reset your password for ${brand}`,
    heading: 'Reset your password',
    lead: (brand) => `Someone asked for a new password for your account at ${brand}.`,
    action: 'Choose a new password',
    ignore: 'If that was not you, ignore this email. Your password stays as it is.',
  },
  securityNotice: {
    changes: {
      password_set: {
        subject: 'Your password was set',
        happened: (brand) => `A new password was set for your account at ${brand}.`,
      },
      password_removed: {
        subject: 'Your password was removed',
        happened: (brand) => `The password of your account at ${brand} was removed. It no longer signs you in.`,
      },
      email_changed: {
        subject: 'Your email address was changed',
        happened: (brand) => `The email address of your account at ${brand} was changed.`,
      },
      break_glass_used: {
        subject: 'Emergency sign-in was used',
        happened: (brand) => `Someone signed in to ${brand} by the emergency sign-in for administrators.`,
      },
      sessions_ended: {
        subject: 'Your sessions were ended',
        happened: (brand) => `Sessions of your account at ${brand} were signed out.`,
      },
      passkey_added: {
        subject: 'A passkey was added',
        happened: (brand, name) => `The passkey “${name}” was added to your account at ${brand}.`,
      },
      passkey_removed: {
        subject: 'A passkey was removed',
        happened: (brand, name) => `The passkey “${name}” was removed from your account at ${brand}.`,
      },
      identity_linked: {
        subject: 'A sign-in was connected',
        happened: (brand, name) => `${name} was connected to your account at ${brand}. You can now sign in with it.`,
      },
      identity_unlinked: {
        subject: 'A sign-in was disconnected',
        happened: (brand, name) => `${name} was disconnected from your account at ${brand}.`,
      },
    },
    when: 'Time',
    from: 'Network address',
    action: 'Review your account',
    notYou:
      'If this was not you, review your account at once: sign out your other sessions and change how you sign in.',
  },
  expires: (time) => `The link works once, until ${time}.`,
  elsewhere: 'If the button does not work, open this address:',
  foot: (brand) => `This email was sent automatically by ${brand}. Nobody reads replies to it.`,
}
