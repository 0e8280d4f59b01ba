export { cliPage, type CliPageOptions } from './cli.ts'
export { deniedPage, type DeniedPageOptions } from './denied.ts'
export { errorPage, type ErrorPageOptions } from './error.ts'
export { homePage, type HomePageOptions } from './home.ts'
export { pageHeaders, type PageHeadersOptions } from './headers.ts'
export { layout, type LayoutOptions } from './layout.ts'
export { address, markup, type Markup } from './markup.ts'
export { chips, crossList, linkButton, type LinkOptions, requestLine, tickList } from './parts.ts'
export { resumePage, type ResumePageOptions } from './resume.ts'
export { signInPage, type SignInPageOptions } from './sign-in.ts'
export {
  type Remaining,
  SIGN_OUT_SCOPE,
  signedOutPage,
  type SignedOutPageOptions,
  signOutPage,
  type SignOutPageOptions,
} from './sign-out.ts'
