import type { Words } from './words.ts'

export const fr: Words = {
  verifyEmail: {
    subject: (brand) => `Confirmez votre adresse e-mail pour ${brand}`,
    heading: 'Confirmez votre adresse e-mail',
    lead: (brand, provider) =>
      `Vous vous connectez à ${brand} avec ${provider}. Veuillez confirmer que cette adresse e-mail est la vôtre.`,
    action: 'Confirmer l’adresse e-mail',
    ignore: (brand) =>
      `Si vous n’êtes pas en train de vous connecter à ${brand}, n’ouvrez pas le lien. Sans lui, rien ne se passe.`,
  },
  invitation: {
    subject: (brand) => `Votre invitation à rejoindre ${brand}`,
    heading: (brand) => `Invitation à rejoindre ${brand}`,
    lead: (brand) =>
      `Un compte vous attend chez ${brand}. Acceptez l’invitation pour choisir votre méthode de connexion.`,
    leadBy: (brand, invitedBy) =>
      `${invitedBy} vous invite à rejoindre ${brand}. Acceptez l’invitation pour choisir votre méthode de connexion.`,
    action: 'Accepter l’invitation',
    ignore: 'Si vous n’attendiez pas cette invitation, vous pouvez ignorer cet e-mail.',
  },
  passwordReset: {
    subject: (brand) => `Réinitialisez votre mot de passe pour ${brand}`,
    heading: 'Réinitialisez votre mot de passe',
    lead: (brand) => `Un nouveau mot de passe a été demandé pour votre compte chez ${brand}.`,
    action: 'Choisir un nouveau mot de passe',
    ignore: 'Si ce n’était pas vous, ignorez cet e-mail. Votre mot de passe reste inchangé.',
  },
  securityNotice: {
    changes: {
      password_set: {
        subject: 'Votre mot de passe a été défini',
        happened: (brand) => `Un nouveau mot de passe a été défini pour votre compte chez ${brand}.`,
      },
      password_removed: {
        subject: 'Votre mot de passe a été supprimé',
        happened: (brand) =>
          `Le mot de passe de votre compte chez ${brand} a été supprimé. Il ne permet plus de vous connecter.`,
      },
      email_changed: {
        subject: 'Votre adresse e-mail a été modifiée',
        happened: (brand) => `L’adresse e-mail de votre compte chez ${brand} a été modifiée.`,
      },
      break_glass_used: {
        subject: 'L’accès d’urgence a été utilisé',
        happened: (brand) => `Quelqu’un s’est connecté à ${brand} par l’accès d’urgence des administrateurs.`,
      },
      sessions_ended: {
        subject: 'Vos sessions ont été fermées',
        happened: (brand) => `Des sessions de votre compte chez ${brand} ont été déconnectées.`,
      },
      passkey_added: {
        subject: 'Une clé d’accès a été ajoutée',
        happened: (brand, name) => `La clé d’accès « ${name} » a été ajoutée à votre compte chez ${brand}.`,
      },
      passkey_removed: {
        subject: 'Une clé d’accès a été supprimée',
        happened: (brand, name) => `La clé d’accès « ${name} » a été supprimée de votre compte chez ${brand}.`,
      },
      identity_linked: {
        subject: 'Une connexion a été associée',
        happened: (brand, name) =>
          `${name} a été associé à votre compte chez ${brand}. Vous pouvez désormais l’utiliser pour vous connecter.`,
      },
      identity_unlinked: {
        subject: 'Une connexion a été dissociée',
        happened: (brand, name) => `${name} a été dissocié de votre compte chez ${brand}.`,
      },
    },
    when: 'Date',
    from: 'Adresse réseau',
    action: 'Vérifier votre compte',
    notYou:
      'Si ce n’était pas vous, vérifiez votre compte sans attendre : déconnectez vos autres sessions et changez votre méthode de connexion.',
  },
  expires: (time) => `Le lien fonctionne une seule fois, jusqu’au ${time}.`,
  elsewhere: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  foot: (brand) => `Cet e-mail a été envoyé automatiquement par ${brand}. Les réponses ne sont pas lues.`,
}
