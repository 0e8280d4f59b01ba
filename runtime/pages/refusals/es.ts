import type { RefusalWords } from './words.ts'

const KEEPS_COOKIES =
  'Este navegador bloquea las cookies o las olvida. Permítalas para este sitio, o use otro navegador u otro perfil.'
const CLOCK = 'El reloj de este dispositivo no está en hora. Deje que se ajuste automáticamente.'
const ONE_MINUTE = 'Inténtelo de nuevo dentro de un minuto.'
const TELL = 'Inténtelo de nuevo. Si continúa así, avise a su administrador.'

export const es: RefusalWords = {
  expected: 'Se esperaba',
  signedIn: 'Cuenta utilizada',
  domains: 'Dominios admitidos',
  retry: 'Intentar de nuevo',
  signIn: 'Iniciar sesión',
  openPage: 'Abrir la página',
  openApp: 'Abrir la aplicación',
  texts: {
    request_malformed: {
      title: 'Esta solicitud no tiene sentido',
      message: 'Vuelva atrás e inténtelo de nuevo.',
    },
    host_unknown: {
      title: 'No hay nada en esta dirección',
      message: 'Compruebe la dirección. Si es correcta, no está configurada aquí.',
    },
    not_found: { title: 'Esta página no existe', message: 'Compruebe la dirección.' },
    origin_mismatch: {
      title: 'Eso venía de otro sitio',
      message: 'Abra la propia página e inténtelo de nuevo desde allí.',
    },
    sign_in_required: {
      title: 'Inicie sesión, por favor',
      message:
        'No ha iniciado sesión, o su sesión ha terminado. No se ha enviado nada a la aplicación: inicie sesión y envíelo de nuevo.',
    },
    access_denied: { title: 'No tiene acceso', message: 'Pida a su administrador que le añada.' },
    sign_in_expired: {
      title: 'Este inicio de sesión ya no está en curso',
      message: 'Ha tardado demasiado o se ha completado en otra pestaña. Empiece de nuevo.',
    },
    sign_in_loop: {
      title: 'Se le envía a iniciar sesión una y otra vez',
      message:
        'Ha iniciado sesión y, aun así, la dirección de la aplicación la pide cada vez. Lo hemos detenido. Suele deberse a una de estas causas:',
      causes: [
        KEEPS_COOKIES,
        CLOCK,
        'La propia aplicación le envía a una dirección que vuelve a pedirla. Avise a su administrador.',
      ],
    },
    cookies_blocked: {
      title: 'No ha vuelto ninguna de nuestras cookies',
      message:
        'Para iniciar sesión hacen falta cookies, y su navegador no ha enviado ninguna. Suele deberse a una de estas causas:',
      causes: [
        KEEPS_COOKIES,
        'Empezó en otro navegador o en una ventana privada. Empiece de nuevo en este.',
        'Esperó más de lo que dura este inicio de sesión. Empiece de nuevo.',
      ],
    },
    provider_unreachable: { title: 'El servicio de inicio de sesión no responde', message: ONE_MINUTE },
    provider_refused: {
      title: 'No se ha iniciado la sesión',
      message: 'El servicio de inicio de sesión no le ha dejado pasar, o usted ha cancelado.',
    },
    provider_answer_invalid: { title: 'No se ha podido verificar el inicio de sesión', message: TELL },
    client_refused: {
      title: 'El servicio de inicio de sesión no nos reconoce',
      message:
        'No acepta las credenciales de este sitio. Avise a su administrador: usted no puede solucionarlo por su cuenta.',
    },
    clock_skew: {
      title: 'Dos relojes no coinciden',
      message: `El reloj del servicio de inicio de sesión y el nuestro difieren demasiado para un inicio de sesión seguro. ${TELL}`,
    },
    groups_incomplete: {
      title: 'No se han podido leer todos sus grupos',
      message:
        'El servicio de inicio de sesión ha omitido algunos de sus grupos, así que no se puede saber qué puede abrir usted. Avise a su administrador.',
    },
    step_up_failed: {
      title: 'Esta aplicación exige un inicio de sesión reforzado',
      message:
        'El servicio de inicio de sesión no le ha preguntado de nuevo, o no de la forma que esta aplicación necesita. Inténtelo otra vez y confirme con el método que le ofrezca. Si continúa así, avise a su administrador.',
    },
    not_provisioned: {
      title: 'Todavía no tiene una cuenta aquí',
      message:
        'Ha iniciado sesión correctamente, pero por esta vía solo pueden entrar quienes ya tienen una cuenta. Pida a su administrador que le cree una.',
    },
    email_refused: {
      title: 'Esta dirección de correo no se admite aquí',
      message:
        'Por esta vía solo pueden iniciar sesión direcciones de determinadas organizaciones, y la suya no es una de ellas. Inicie sesión con su cuenta de trabajo o consulte a su administrador.',
    },
    email_unverified: {
      title: 'Su dirección de correo no está confirmada',
      message:
        'El servicio de inicio de sesión no indica que esta dirección sea suya. Confírmela allí e inicie sesión de nuevo. Si no puede, consulte a su administrador.',
    },
    account_exists: {
      title: 'Ya tiene una cuenta aquí',
      message:
        'Existe una cuenta con su dirección de correo en la que usted inicia sesión de otra manera. Inicie sesión como hasta ahora. No se ha cambiado nada.',
    },
    account_suspended: {
      title: 'Su cuenta está suspendida',
      message: 'Por el momento no puede iniciar sesión. Pregunte a su administrador qué debe hacer.',
    },
    identity_in_use: {
      title: 'Esta cuenta ya está conectada',
      message:
        'Aquí pertenece a otra persona, por lo que no se puede conectar con la cuenta de usted. No se ha cambiado nada.',
    },
    other_person: {
      title: 'Ha iniciado sesión como otra persona',
      message:
        'Aquí se esperaba a una persona concreta, y ha iniciado sesión otra. Inicie sesión de nuevo con la cuenta correcta.',
    },
    credentials_invalid: {
      title: 'No coincide',
      message:
        'La dirección de correo, la contraseña o la clave de acceso no es correcta. Compruébelo e inténtelo de nuevo.',
    },
    link_invalid: {
      title: 'Este enlace ya no funciona',
      message:
        'Ya se ha usado, es demasiado antiguo o era para otro navegador. Pida uno nuevo en el lugar donde lo obtuvo.',
    },
    recent_sign_in_required: {
      title: 'Confirme que es usted, por favor',
      message:
        'Para este paso hace falta haber iniciado sesión hace poco. Inicie sesión de nuevo y después podrá continuar.',
    },
    busy: {
      title: 'Hay demasiada actividad en este momento',
      message: 'No se ha cambiado nada. Inténtelo de nuevo dentro de unos segundos.',
    },
    hand_over_invalid: {
      title: 'Este enlace ya se ha usado',
      message: 'Sirve una sola vez, de inmediato y en el navegador que lo pidió. Abra de nuevo la aplicación.',
    },
    kept_body_gone: {
      title: 'Lo que envió ya no se conserva',
      message:
        'Un formulario que espera a que se inicie sesión se conserva diez minutos, una sola vez y para el navegador que lo envió. No se ha enviado nada a la aplicación. Abra la página y rellene el formulario de nuevo.',
    },
    token_invalid: {
      title: 'Este token no se acepta',
      message: 'Es incorrecto, demasiado antiguo o no es para esta aplicación. Obtenga uno nuevo.',
    },
    logout_token_invalid: {
      title: 'Este token de cierre de sesión no se acepta',
      message: 'No ha cerrado la sesión de nadie.',
    },
    rate_limited: {
      title: 'Demasiados intentos',
      message: 'Ha habido demasiados intentos desde su red o para su cuenta. Espere un minuto e inténtelo de nuevo.',
    },
    websocket_origin_refused: {
      title: 'Eso venía de otro sitio',
      message: 'Este sitio no puede abrir una conexión con la aplicación.',
    },
    upstream_unreachable: {
      title: 'La aplicación no responde',
      message: 'Puede que esté arrancando o fuera de servicio. Inténtelo de nuevo dentro de un minuto.',
    },
    upstream_timeout: { title: 'La aplicación tarda demasiado', message: ONE_MINUTE },
    upstream_closed: { title: 'La aplicación se ha interrumpido', message: ONE_MINUTE },
    upstream_protocol: {
      title: 'La aplicación no ha dado una respuesta válida',
      message: 'Avise a su administrador.',
    },
    upstream_busy: { title: 'La aplicación está ocupada', message: ONE_MINUTE },
    body_too_large: {
      title: 'Es demasiado grande',
      message: 'Lo que ha enviado es mayor de lo que admite esta aplicación. No se ha transmitido nada.',
    },
    headers_too_large: {
      title: 'Su navegador envía demasiados datos',
      message: 'Suelen ser cookies de este sitio: bórrelas e inténtelo de nuevo.',
    },
    store_unavailable: { title: 'No se puede consultar su sesión', message: ONE_MINUTE },
    internal: { title: 'Algo ha salido mal aquí', message: TELL },
  },
}
