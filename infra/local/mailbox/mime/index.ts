export { parseMail, type ParsedImage, type ParsedMail } from './mail.ts'
