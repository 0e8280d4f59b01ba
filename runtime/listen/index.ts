export { type AdminAnswers, createAdminServer } from './admin.ts'
export { closeServer, listenAt } from './address.ts'
export { type CertificateExpiry } from './certificates.ts'
export { createPublicListener, type ListenerHandlers, type ListenerSettings, type PublicListener } from './listener.ts'
