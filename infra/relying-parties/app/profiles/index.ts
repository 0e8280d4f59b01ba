import type { AppName } from '../../../config/index.ts'
import type { AppProfile } from '../profile.ts'
import { argoCd } from './argo-cd.ts'
import { gitea } from './gitea.ts'
import { gitlab } from './gitlab.ts'
import { grafana } from './grafana.ts'
import { harbor } from './harbor.ts'
import { openWebui } from './open-webui.ts'
import { other } from './other.ts'
import { outline } from './outline.ts'
import { vault } from './vault.ts'

/** What each well-known app needs, from its own documentation. */
export const PROFILES: Readonly<Record<AppName, AppProfile>> = {
  'argo-cd': argoCd,
  forgejo: gitea,
  gitea,
  gitlab,
  grafana,
  harbor,
  'open-webui': openWebui,
  outline,
  vault,
  other,
}
