import type { RuleCode } from '../../config/index.ts'
import { insecureAddress, wildcardRedirectUri } from './addresses.ts'
import { databaseWithoutTls, exposedListener, unboundedProxies } from './network.ts'
import { movingImage, singleReplica, unprotectedRemoval } from './operation.ts'
import { longSession, publicRouteUnexplained, unconditionalRule } from './people.ts'
import type { ReviewRule } from './review-rule.ts'
import { plainSecret, secretOverdue } from './secrets.ts'

/** Every rule, in the order in which reviewers read them; docs/review.md has the same table. */
export const REVIEW_RULES: Readonly<Record<RuleCode, ReviewRule>> = {
  wildcard_redirect_uri: wildcardRedirectUri,
  insecure_address: insecureAddress,
  public_route_unexplained: publicRouteUnexplained,
  unconditional_rule: unconditionalRule,
  long_session: longSession,
  plain_secret: plainSecret,
  secret_overdue: secretOverdue,
  unprotected_removal: unprotectedRemoval,
  single_replica: singleReplica,
  moving_image: movingImage,
  exposed_listener: exposedListener,
  unbounded_proxies: unboundedProxies,
  database_without_tls: databaseWithoutTls,
}
