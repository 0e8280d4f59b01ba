import { expect } from 'vitest'

import { type GoogleVendor, startGoogle } from '../../support/idp/google/index.ts'
import type { Project } from '../../support/project.ts'
import { describeBroughtLife } from './life.ts'

describeBroughtLife('google', startGoogle, [takeOver, letGo], { withoutGroups: true })

/** A second secret in the console; in the stack file it is the secret, and the former one stays beside it. */
async function takeOver(vendor: GoogleVendor, project: Project): Promise<void> {
  await consultDoctor(vendor, project)
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

/** Whether the callback was pasted shows without anybody signing in. */
async function consultDoctor(vendor: GoogleVendor, project: Project): Promise<void> {
  const callback = `${project.login}/callback/google`
  vendor.tamper('https://login.acme.example/callback/google')
  const before = await project.run('doctor', 'local')
  expect(before, before.text).toMatchObject({ code: 1, stdout: expect.stringContaining('redirect_uri_mismatch') })
  // Alone in a line, to be copied.
  expect(before.stdout.split('\n').map((line) => line.trim())).toContain(callback)
  vendor.tamper(callback)
  const after = await project.run('doctor', 'local')
  expect(after, after.text).toMatchObject({ code: 0, stdout: expect.stringContaining('all is well') })
  const review = await project.run('review', 'local')
  expect(review, review.text).toMatchObject({ code: 0, stdout: expect.stringContaining('### Connection tests') })
  expect(
    vendor.secretsEverSeen().some((secret) => [before, after, review].some(({ text }) => text.includes(secret))),
  ).toBe(false)
}
