import type { Words } from './words.ts'

export const es: Words = {
  verifyEmail: {
    subject: (brand) => `Confirme su correo electrónico para ${brand}`,
    heading: 'Confirme su correo electrónico',
    lead: (brand, provider) =>
      `Está iniciando sesión en ${brand} con ${provider}. Confirme que esta dirección de correo electrónico es suya.`,
    action: 'Confirmar correo electrónico',
    ignore: (brand) => `Si no está iniciando sesión en ${brand}, no abra el enlace. Si no se abre, no ocurre nada.`,
  },
  invitation: {
    subject: (brand) => `Su invitación a ${brand}`,
    heading: (brand) => `Tiene una invitación a ${brand}`,
    lead: (brand) =>
      `Hay una cuenta preparada para usted en ${brand}. Acepte la invitación para elegir cómo iniciar sesión.`,
    leadBy: (brand, invitedBy) =>
      `${invitedBy} le invita a ${brand}. Acepte la invitación para elegir cómo iniciar sesión.`,
    action: 'Aceptar la invitación',
    ignore: 'Si no esperaba esta invitación, puede ignorar este correo.',
  },
  passwordReset: {
    subject: (brand) => `Restablezca su contraseña de ${brand}`,
    heading: 'Restablezca su contraseña',
    lead: (brand) => `Se ha pedido una contraseña nueva para su cuenta de ${brand}.`,
    action: 'Elegir una contraseña nueva',
    ignore: 'Si no ha sido usted, ignore este correo. Su contraseña no cambia.',
  },
  securityNotice: {
    changes: {
      password_set: {
        subject: 'Se ha establecido su contraseña',
        happened: (brand) => `Se ha establecido una contraseña nueva para su cuenta de ${brand}.`,
      },
      password_removed: {
        subject: 'Se ha eliminado su contraseña',
        happened: (brand) => `Se ha eliminado la contraseña de su cuenta de ${brand}. Ya no sirve para iniciar sesión.`,
      },
      email_changed: {
        subject: 'Se ha cambiado su correo electrónico',
        happened: (brand) => `Se ha cambiado la dirección de correo electrónico de su cuenta de ${brand}.`,
      },
      break_glass_used: {
        subject: 'Se ha usado el acceso de emergencia',
        happened: (brand) => `Alguien ha iniciado sesión en ${brand} con el acceso de emergencia para administradores.`,
      },
      sessions_ended: {
        subject: 'Se han cerrado sus sesiones',
        happened: (brand) => `Se han cerrado sesiones de su cuenta de ${brand}.`,
      },
      passkey_added: {
        subject: 'Se ha añadido una llave de acceso',
        happened: (brand, name) => `Se ha añadido la llave de acceso «${name}» a su cuenta de ${brand}.`,
      },
      passkey_removed: {
        subject: 'Se ha eliminado una llave de acceso',
        happened: (brand, name) => `Se ha eliminado la llave de acceso «${name}» de su cuenta de ${brand}.`,
      },
      identity_linked: {
        subject: 'Se ha vinculado un inicio de sesión',
        happened: (brand, name) =>
          `Se ha vinculado ${name} a su cuenta de ${brand}. Ahora puede iniciar sesión con ${name}.`,
      },
      identity_unlinked: {
        subject: 'Se ha desvinculado un inicio de sesión',
        happened: (brand, name) => `Se ha desvinculado ${name} de su cuenta de ${brand}.`,
      },
    },
    when: 'Fecha',
    from: 'Dirección de red',
    action: 'Revisar su cuenta',
    notYou:
      'Si no ha sido usted, revise su cuenta de inmediato: cierre sus otras sesiones y cambie su forma de iniciar sesión.',
  },
  expires: (time) => `El enlace funciona una sola vez, hasta el ${time}.`,
  elsewhere: 'Si el botón no funciona, abra esta dirección:',
  foot: (brand) => `${brand} ha enviado este correo automáticamente. Nadie lee las respuestas.`,
}
