import type { Fixture } from './fixture.ts'

/** As many as a gateway of a large company has after some years; sessions are those of a quarter of its people, passkeys those of a fifth. */
const ACCOUNTS = 10_000
const AUDIT = 100_000
const SESSIONS = 5_000
const PASSKEYS = 2_000

/** Four brands, one account in a hundred suspended, two identity providers, an administrator among the actors. */
export async function fill({ ask, schema }: Fixture): Promise<void> {
  const numbers = (count: number): string =>
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`
  await ask(`${numbers(ACCOUNTS)} INSERT INTO ${schema}accounts
    (id, brand, status, origin, email, profile, own_fields, group_names, language, created_at, version, folded_email, folded_names)
    SELECT 'account-' || n, 'brand-' || (n % 4), CASE n % 100 WHEN 7 THEN 'suspended' ELSE 'active' END, 'sign_in',
      'person-' || n || '@acme.example', '{"name":"Person ' || n || '","company":"Acme"}', '[]', '["staff"]', 'en', 1000 + n / 2, 1,
      'person-' || n || '@acme.example', 'person ' || n FROM numbers`)
  await ask(`${numbers(ACCOUNTS)} INSERT INTO ${schema}identities
    (brand, issuer, subject, account_id, identity_provider, email, email_verified, linked_at, last_used_at)
    SELECT 'brand-' || (n % 4), 'https://idp.acme.example', 'subject-' || n, 'account-' || n, 'idp-' || (n % 8),
      'person-' || n || '@acme.example', 1, 1000 + n, 2000 + n FROM numbers`)
  await ask(`${numbers(PASSKEYS)} INSERT INTO ${schema}passkeys
    (brand, id, account_id, public_key, counter, transports, name, created_at)
    SELECT 'brand-' || (n % 4), 'passkey-' || n, 'account-' || n, 'cose', 0, '[]', 'Phone', 1000 + n FROM numbers`)
  await ask(`${numbers(SESSIONS)} INSERT INTO ${schema}sessions
    (id, brand, identity_provider, issuer, subject, person, authentication, sealed_tokens, account_id, version, created_at, seen_at, expires_at)
    SELECT 'session-' || n, 'brand-' || (n % 4), 'idp-' || (n % 8), 'https://idp.acme.example', 'subject-' || (n % 2500),
      '{}', '{}', 'k1.sealed', 'account-' || (n % 2500), 1, 1000 + n, 2000 + n, 9000 FROM numbers`)
  await ask(`${numbers(AUDIT)} INSERT INTO ${schema}audit (happened_at, brand, action, actor, account_id, address, details)
    SELECT 1000 + n / 3, 'brand-' || (n % 4), CASE n % 50 WHEN 0 THEN 'account.suspended' ELSE 'sign_in.succeeded' END,
      CASE n % 50 WHEN 0 THEN 'account-1' ELSE 'account-' || (n % 10000) END, 'account-' || (n % 10000), '192.0.2.7',
      '{"provider":"acme"}' FROM numbers`)
}
