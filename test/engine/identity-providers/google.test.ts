import { type GoogleVendor, startGoogle } from '../../support/idp/google/index.ts'
import type { Project } from '../../support/project.ts'
import { describeBroughtLife } from './life.ts'

describeBroughtLife('google', startGoogle, [takeOver, letGo], { withoutGroups: true })

/** A second secret in the console; in the stack file it is the secret, and the former one stays beside it. */
async function takeOver(vendor: GoogleVendor, project: Project): Promise<void> {
  vendor.addSecret()
  await project.editStack((text) =>
    text.replace(
      /( +)secret:\n +env: ACME_GOOGLE_SECRET\n/,
      '$1secret: { env: ACME_GOOGLE_NEXT }\n$1previousSecret: { env: ACME_GOOGLE_SECRET }\n',
    ),
  )
}

/** The former one leaves the stack file, and is switched off while the gateway still knows it: nobody needs it any more. */
async function letGo(vendor: GoogleVendor, project: Project): Promise<void> {
  await project.editStack((text) => text.replace(/ +previousSecret: .*\n/, ''))
  vendor.disableFormerSecrets()
}
