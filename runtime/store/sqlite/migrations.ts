import type { Migration } from '../schema-version.ts'

/** From an empty file to today's, in order and forward only. */
export const SQLITE_MIGRATIONS: readonly Migration[] = [
  {
    oldestReader: 1,
    sql: `
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY, brand TEXT NOT NULL, identity_provider TEXT NOT NULL,
        issuer TEXT NOT NULL, subject TEXT NOT NULL, sid TEXT,
        person TEXT NOT NULL, sealed_tokens TEXT NOT NULL,
        created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sessions_by_identity ON sessions (issuer, subject, sid);
      CREATE INDEX sessions_by_expiry ON sessions (expires_at);
      CREATE TABLE host_sessions (
        id TEXT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, route TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX host_sessions_by_parent ON host_sessions (parent_id);
      CREATE TABLE hand_overs (
        id TEXT PRIMARY KEY, parent_id TEXT NOT NULL, brand TEXT NOT NULL, route TEXT NOT NULL,
        binding_hash TEXT NOT NULL, return_to TEXT NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE used_ids (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  },
  {
    // Programs that know only the first one insert rows by position.
    oldestReader: 2,
    sql: `
      ALTER TABLE sessions ADD COLUMN authentication TEXT NOT NULL DEFAULT '';
      ALTER TABLE sessions ADD COLUMN refresh TEXT;
      ALTER TABLE sessions ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE sessions ADD COLUMN sealing_key TEXT
        GENERATED ALWAYS AS (substr(sealed_tokens, 1, instr(sealed_tokens || '.', '.') - 1)) VIRTUAL;
      UPDATE sessions SET authentication = json_object('time', created_at, 'amr', json_array());
      CREATE INDEX sessions_by_sid ON sessions (issuer, sid) WHERE sid IS NOT NULL;
      CREATE INDEX sessions_by_sealing_key ON sessions (sealing_key);
      ALTER TABLE host_sessions ADD COLUMN holder TEXT NOT NULL DEFAULT 'browser' CHECK (holder IN ('browser', 'program'));
      ALTER TABLE host_sessions ADD COLUMN expires_at INTEGER;
      CREATE INDEX host_sessions_by_expiry ON host_sessions (expires_at) WHERE expires_at IS NOT NULL;
      CREATE INDEX used_ids_by_expiry ON used_ids (expires_at);
      CREATE TABLE kept_bodies (
        id TEXT PRIMARY KEY, route TEXT NOT NULL, binding_hash TEXT NOT NULL, target TEXT NOT NULL,
        sealed_body TEXT NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX kept_bodies_by_expiry ON kept_bodies (expires_at);
      CREATE TABLE leases (
        id TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE event_counts (
        id TEXT PRIMARY KEY, events INTEGER NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX event_counts_by_expiry ON event_counts (expires_at);
      CREATE TABLE endings (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, ended_at INTEGER NOT NULL DEFAULT (unixepoch())
      ) STRICT;
      CREATE TRIGGER sessions_end AFTER DELETE ON sessions
        BEGIN INSERT INTO endings (session_id) VALUES (old.id); END;
      CREATE TRIGGER host_sessions_end AFTER DELETE ON host_sessions
        BEGIN INSERT INTO endings (session_id) VALUES (old.id); END`,
  },
  {
    oldestReader: 2,
    sql: `
      CREATE TRIGGER sessions_change AFTER UPDATE OF person, authentication, refresh ON sessions
        WHEN old.person IS NOT new.person OR old.authentication IS NOT new.authentication OR old.refresh IS NOT new.refresh
        BEGIN INSERT INTO endings (session_id) SELECT id FROM host_sessions WHERE parent_id = new.id; END`,
  },
  {
    // What older programs write has no account, which is as it was. Lists of accounts have in their indexes what is searched,
    // so that only those are looked up that are found: for which SQLite wants a table with row ids.
    oldestReader: 2,
    sql: `
      ALTER TABLE sessions ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
      ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '{"address":"","userAgent":""}';
      CREATE INDEX sessions_by_creation ON sessions (created_at, id);
      CREATE INDEX sessions_by_brand ON sessions (brand, created_at, id);
      CREATE INDEX sessions_by_account ON sessions (account_id, created_at, id);
      CREATE TABLE accounts (
        id TEXT PRIMARY KEY, brand TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'suspended')), origin TEXT NOT NULL,
        email TEXT NOT NULL, profile TEXT NOT NULL, own_fields TEXT NOT NULL, group_names TEXT NOT NULL,
        password_hash TEXT, password_changed_at INTEGER, language TEXT NOT NULL,
        created_at INTEGER NOT NULL, last_sign_in_at INTEGER, version INTEGER NOT NULL,
        folded_email TEXT NOT NULL, folded_names TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX accounts_by_email ON accounts (brand, email) WHERE email <> '';
      CREATE INDEX accounts_by_creation ON accounts (created_at, id, folded_email, folded_names);
      CREATE INDEX accounts_by_brand ON accounts (brand, created_at, id, folded_email, folded_names);
      CREATE INDEX accounts_by_status ON accounts (status, created_at, id, folded_email, folded_names);
      CREATE TABLE identities (
        brand TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
        account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        identity_provider TEXT NOT NULL, email TEXT NOT NULL,
        email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
        linked_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL, PRIMARY KEY (brand, issuer, subject)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX identities_by_account ON identities (account_id);
      CREATE INDEX identities_by_provider ON identities (identity_provider, account_id, brand);
      CREATE TABLE passkeys (
        brand TEXT NOT NULL, id TEXT NOT NULL,
        account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        public_key TEXT NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, name TEXT NOT NULL,
        created_at INTEGER NOT NULL, last_used_at INTEGER, PRIMARY KEY (brand, id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX passkeys_by_account ON passkeys (account_id);
      CREATE TABLE tickets (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, brand TEXT NOT NULL,
        account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
        binding_hash TEXT, sealed TEXT NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tickets_by_account ON tickets (account_id, kind) WHERE account_id IS NOT NULL;
      CREATE INDEX tickets_by_expiry ON tickets (expires_at);
      CREATE TABLE audit (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, happened_at INTEGER NOT NULL,
        brand TEXT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL,
        account_id TEXT, address TEXT NOT NULL, details TEXT NOT NULL
      ) STRICT;
      CREATE INDEX audit_by_time ON audit (happened_at, sequence);
      CREATE INDEX audit_by_brand ON audit (brand, happened_at, sequence);
      CREATE INDEX audit_by_action ON audit (action, happened_at, sequence);
      CREATE INDEX audit_by_brand_and_action ON audit (brand, action, happened_at, sequence);
      CREATE INDEX audit_by_actor ON audit (actor, happened_at, sequence);
      CREATE INDEX audit_by_account ON audit (account_id, happened_at, sequence) WHERE account_id IS NOT NULL;
      CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
      CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END`,
  },
  {
    // In a table without row ids, whoever looks one row up reads all of every row that it is compared with: these are long. What is
    // longest comes last, so that nothing else lies behind it.
    oldestReader: 2,
    sql: `
      CREATE TABLE sessions_with_row_ids (
        id TEXT PRIMARY KEY, brand TEXT NOT NULL, account_id TEXT NOT NULL DEFAULT '',
        identity_provider TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, sid TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        authentication TEXT NOT NULL DEFAULT '', refresh TEXT,
        device TEXT NOT NULL DEFAULT '{"address":"","userAgent":""}', person TEXT NOT NULL, sealed_tokens TEXT NOT NULL,
        sealing_key TEXT GENERATED ALWAYS AS (substr(sealed_tokens, 1, instr(sealed_tokens || '.', '.') - 1)) VIRTUAL
      ) STRICT;
      INSERT INTO sessions_with_row_ids (id, brand, account_id, identity_provider, issuer, subject, sid, version, created_at,
          seen_at, expires_at, authentication, refresh, device, person, sealed_tokens)
        SELECT id, brand, account_id, identity_provider, issuer, subject, sid, version, created_at,
          seen_at, expires_at, authentication, refresh, device, person, sealed_tokens FROM sessions;
      DROP TABLE sessions;
      ALTER TABLE sessions_with_row_ids RENAME TO sessions;
      CREATE INDEX sessions_by_identity ON sessions (issuer, subject, sid);
      CREATE INDEX sessions_by_expiry ON sessions (expires_at);
      CREATE INDEX sessions_by_sid ON sessions (issuer, sid) WHERE sid IS NOT NULL;
      CREATE INDEX sessions_by_sealing_key ON sessions (sealing_key);
      CREATE INDEX sessions_by_creation ON sessions (created_at, id);
      CREATE INDEX sessions_by_brand ON sessions (brand, created_at, id);
      CREATE INDEX sessions_by_account ON sessions (account_id, created_at, id);
      CREATE TRIGGER sessions_end AFTER DELETE ON sessions
        BEGIN INSERT INTO endings (session_id) VALUES (old.id); END;
      CREATE TRIGGER sessions_change AFTER UPDATE OF person, authentication, refresh ON sessions
        WHEN old.person IS NOT new.person OR old.authentication IS NOT new.authentication OR old.refresh IS NOT new.refresh
        BEGIN INSERT INTO endings (session_id) SELECT id FROM host_sessions WHERE parent_id = new.id; END;
      CREATE TABLE kept_bodies_with_row_ids (
        id TEXT PRIMARY KEY, route TEXT NOT NULL, binding_hash TEXT NOT NULL, expires_at INTEGER NOT NULL,
        target TEXT NOT NULL, sealed_body TEXT NOT NULL
      ) STRICT;
      INSERT INTO kept_bodies_with_row_ids (id, route, binding_hash, expires_at, target, sealed_body)
        SELECT id, route, binding_hash, expires_at, target, sealed_body FROM kept_bodies;
      DROP TABLE kept_bodies;
      ALTER TABLE kept_bodies_with_row_ids RENAME TO kept_bodies;
      CREATE INDEX kept_bodies_by_expiry ON kept_bodies (expires_at)`,
  },
]
