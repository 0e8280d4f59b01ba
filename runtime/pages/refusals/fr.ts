import type { RefusalWords } from './words.ts'

const KEEPS_COOKIES =
  'Ce navigateur bloque les cookies ou les oublie. Autorisez-les pour ce site, ou utilisez un autre navigateur ou profil.'
const CLOCK = 'L’horloge de cet appareil n’est pas à l’heure. Laissez-la se régler automatiquement.'
const ONE_MINUTE = 'Réessayez dans une minute.'
const TELL = 'Réessayez. Si cela persiste, prévenez votre administrateur.'

export const fr: RefusalWords = {
  expected: 'Personne attendue',
  signedIn: 'Compte utilisé',
  domains: 'Domaines acceptés',
  retry: 'Réessayer',
  signIn: 'Se connecter',
  openPage: 'Ouvrir la page',
  openApp: 'Ouvrir l’application',
  texts: {
    request_malformed: {
      title: 'Cette demande n’a pas de sens',
      message: 'Revenez en arrière et réessayez.',
    },
    host_unknown: {
      title: 'Il n’y a rien à cette adresse',
      message: 'Vérifiez l’adresse. Si elle est exacte, elle n’est pas configurée ici.',
    },
    not_found: { title: 'Cette page n’existe pas', message: 'Vérifiez l’adresse.' },
    origin_mismatch: {
      title: 'Cela venait d’un autre site',
      message: 'Ouvrez la page elle-même et réessayez à partir de là.',
    },
    sign_in_required: {
      title: 'Veuillez vous connecter',
      message:
        'Aucune session n’est ouverte, ou la vôtre a pris fin. Rien n’a été transmis à l’application : connectez-vous, puis renvoyez votre demande.',
    },
    access_denied: { title: 'Vous n’avez pas accès', message: 'Demandez à votre administrateur de vous ajouter.' },
    sign_in_expired: {
      title: 'Cette connexion n’est plus en cours',
      message: 'Elle a duré trop longtemps ou a été terminée dans un autre onglet. Recommencez.',
    },
    sign_in_loop: {
      title: 'Vous êtes sans cesse renvoyé à la connexion',
      message:
        'Votre session est ouverte, et pourtant l’adresse de l’application la redemande chaque fois. Nous avons arrêté cela. La cause est le plus souvent l’une de celles-ci :',
      causes: [
        KEEPS_COOKIES,
        CLOCK,
        'L’application elle-même vous renvoie vers une adresse qui redemande la connexion. Prévenez votre administrateur.',
      ],
    },
    cookies_blocked: {
      title: 'Aucun de nos cookies n’est revenu',
      message:
        'La connexion a besoin de cookies, et votre navigateur n’en a envoyé aucun. La cause est le plus souvent l’une de celles-ci :',
      causes: [
        KEEPS_COOKIES,
        'Vous avez commencé dans un autre navigateur ou une fenêtre privée. Recommencez dans celui-ci.',
        'Vous avez attendu plus longtemps que cette connexion ne dure. Recommencez.',
      ],
    },
    provider_unreachable: { title: 'Le service de connexion ne répond pas', message: ONE_MINUTE },
    provider_refused: {
      title: 'La connexion n’a pas eu lieu',
      message: 'Le service de connexion ne vous a pas laissé passer, ou vous avez annulé.',
    },
    provider_answer_invalid: { title: 'La connexion n’a pas pu être vérifiée', message: TELL },
    client_refused: {
      title: 'Le service de connexion ne nous connaît pas',
      message:
        'Il n’accepte pas les identifiants de ce site. Prévenez votre administrateur : vous ne pouvez pas y remédier vous-même.',
    },
    clock_skew: {
      title: 'Deux horloges se contredisent',
      message: `L’horloge du service de connexion et la nôtre sont trop éloignées pour une connexion sûre. ${TELL}`,
    },
    groups_incomplete: {
      title: 'Vos groupes n’ont pas pu être lus en entier',
      message:
        'Le service de connexion a omis certains de vos groupes ; personne ne peut donc dire ce que vous pouvez ouvrir. Prévenez votre administrateur.',
    },
    step_up_failed: {
      title: 'Cette application exige une connexion renforcée',
      message:
        'Le service de connexion ne vous a pas interrogé de nouveau, ou pas de la manière qu’exige cette application. Réessayez et confirmez par la méthode qu’il propose. Si cela persiste, prévenez votre administrateur.',
    },
    not_provisioned: {
      title: 'Vous n’avez pas encore de compte ici',
      message:
        'Votre connexion était correcte, mais seules les personnes qui ont déjà un compte peuvent entrer par cette voie. Demandez à votre administrateur de vous en créer un.',
    },
    email_refused: {
      title: 'Cette adresse e-mail n’est pas acceptée ici',
      message:
        'Seules les adresses de certaines organisations permettent de se connecter ainsi, et la vôtre n’en fait pas partie. Connectez-vous avec votre compte professionnel, ou adressez-vous à votre administrateur.',
    },
    email_unverified: {
      title: 'Votre adresse e-mail n’est pas confirmée',
      message:
        'Le service de connexion n’indique pas que cette adresse est la vôtre. Confirmez-la auprès de lui, puis connectez-vous à nouveau. Si cela n’est pas possible, adressez-vous à votre administrateur.',
    },
    account_exists: {
      title: 'Vous avez déjà un compte ici',
      message:
        'Il existe un compte avec votre adresse e-mail, auquel vous vous connectez d’une autre manière. Connectez-vous comme auparavant. Rien n’a été modifié.',
    },
    account_suspended: {
      title: 'Votre compte est suspendu',
      message: 'Vous ne pouvez pas vous connecter pour le moment. Demandez à votre administrateur ce qu’il faut faire.',
    },
    identity_in_use: {
      title: 'Ce compte est déjà associé',
      message:
        'Il appartient ici à une autre personne et ne peut donc pas être associé à votre compte. Rien n’a été modifié.',
    },
    other_person: {
      title: 'Ce n’est pas la personne attendue',
      message:
        'Une personne précise était attendue ici, et la connexion est celle d’une autre. Connectez-vous à nouveau avec le bon compte.',
    },
    credentials_invalid: {
      title: 'Cela ne correspond pas',
      message: 'L’adresse e-mail, le mot de passe ou la clé d’accès est incorrect. Vérifiez et réessayez.',
    },
    link_invalid: {
      title: 'Ce lien ne fonctionne plus',
      message:
        'Il a déjà servi, il est trop ancien, ou il était destiné à un autre navigateur. Demandez-en un nouveau là où vous l’avez obtenu.',
    },
    recent_sign_in_required: {
      title: 'Veuillez confirmer que c’est bien vous',
      message: 'Cette étape exige une connexion récente. Connectez-vous à nouveau, puis vous pourrez continuer.',
    },
    busy: {
      title: 'Il y a trop d’activité en ce moment',
      message: 'Rien n’a été modifié. Réessayez dans quelques secondes.',
    },
    hand_over_invalid: {
      title: 'Ce lien a déjà servi',
      message:
        'Il ne fonctionne qu’une fois, aussitôt, et dans le navigateur qui l’a demandé. Ouvrez de nouveau l’application.',
    },
    kept_body_gone: {
      title: 'Votre envoi n’est plus conservé',
      message:
        'Un formulaire en attente de connexion est conservé dix minutes, une seule fois, et pour le navigateur qui l’a envoyé. Rien n’a été envoyé à l’application. Ouvrez la page et remplissez de nouveau le formulaire.',
    },
    token_invalid: {
      title: 'Ce jeton n’est pas accepté',
      message: 'Il est incorrect, trop ancien, ou n’est pas destiné à cette application. Procurez-vous-en un nouveau.',
    },
    logout_token_invalid: {
      title: 'Ce jeton de déconnexion n’est pas accepté',
      message: 'Il n’a déconnecté personne.',
    },
    rate_limited: {
      title: 'Trop de tentatives',
      message:
        'Il y a eu trop de tentatives depuis votre réseau ou pour votre compte. Attendez une minute et réessayez.',
    },
    websocket_origin_refused: {
      title: 'Cela venait d’un autre site',
      message: 'Ce site ne peut pas ouvrir de connexion vers l’application.',
    },
    upstream_unreachable: {
      title: 'L’application ne répond pas',
      message: 'Elle démarre peut-être, ou elle est arrêtée. Réessayez dans une minute.',
    },
    upstream_timeout: { title: 'L’application met trop de temps', message: ONE_MINUTE },
    upstream_closed: { title: 'L’application s’est interrompue', message: ONE_MINUTE },
    upstream_protocol: {
      title: 'L’application n’a pas donné de réponse valable',
      message: 'Prévenez votre administrateur.',
    },
    upstream_busy: { title: 'L’application est occupée', message: ONE_MINUTE },
    body_too_large: {
      title: 'C’est trop volumineux',
      message: 'Votre envoi dépasse ce que cette application accepte. Rien n’a été transmis.',
    },
    headers_too_large: {
      title: 'Votre navigateur envoie trop de données',
      message: 'Il s’agit le plus souvent de cookies de ce site : supprimez-les et réessayez.',
    },
    store_unavailable: { title: 'Votre session ne peut pas être retrouvée', message: ONE_MINUTE },
    internal: { title: 'Une erreur s’est produite ici', message: TELL },
  },
}
