import type { Migration } from '../schema-version.ts'

/** Everything of ours is in this schema of the database, so that it goes with what others keep there. */
export const SCHEMA = 'gatewright'

/** What is sent on this channel says only that there is something to read in `endings`. */
export const ENDINGS_CHANNEL = 'gatewright_endings'

/**
 * From an empty database to today's, in order and forward only. Ids are compared byte by byte. Endings are noted by triggers,
 * so that they are told of whoever ends or changes a session, and in the same transaction; `transaction` lets a reader know
 * which ones it may not have seen yet, since transactions do not end in the order of `seq`.
 */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  {
    oldestReader: 1,
    sql: `
      CREATE TABLE ${SCHEMA}.sessions (
        id TEXT COLLATE "C" PRIMARY KEY, brand TEXT NOT NULL, identity_provider TEXT NOT NULL,
        issuer TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, sid TEXT COLLATE "C",
        person TEXT NOT NULL, authentication TEXT NOT NULL, sealed_tokens TEXT NOT NULL,
        sealing_key TEXT COLLATE "C" GENERATED ALWAYS AS (split_part(sealed_tokens, '.', 1)) STORED,
        refresh TEXT, version BIGINT NOT NULL,
        created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE INDEX sessions_by_subject ON ${SCHEMA}.sessions (issuer, subject);
      CREATE INDEX sessions_by_sid ON ${SCHEMA}.sessions (issuer, sid) WHERE sid IS NOT NULL;
      CREATE INDEX sessions_by_sealing_key ON ${SCHEMA}.sessions (sealing_key);
      CREATE INDEX sessions_by_expiry ON ${SCHEMA}.sessions (expires_at);
      CREATE TABLE ${SCHEMA}.host_sessions (
        id TEXT COLLATE "C" PRIMARY KEY,
        parent_id TEXT COLLATE "C" NOT NULL REFERENCES ${SCHEMA}.sessions (id) ON DELETE CASCADE,
        route TEXT NOT NULL, holder TEXT NOT NULL CHECK (holder IN ('browser', 'program')), expires_at BIGINT
      );
      CREATE INDEX host_sessions_by_parent ON ${SCHEMA}.host_sessions (parent_id);
      CREATE INDEX host_sessions_by_expiry ON ${SCHEMA}.host_sessions (expires_at) WHERE expires_at IS NOT NULL;
      CREATE TABLE ${SCHEMA}.hand_overs (
        id TEXT COLLATE "C" PRIMARY KEY, parent_id TEXT NOT NULL, brand TEXT NOT NULL, route TEXT NOT NULL,
        binding_hash TEXT NOT NULL, return_to TEXT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE INDEX hand_overs_by_expiry ON ${SCHEMA}.hand_overs (expires_at);
      CREATE TABLE ${SCHEMA}.kept_bodies (
        id TEXT COLLATE "C" PRIMARY KEY, route TEXT NOT NULL, binding_hash TEXT NOT NULL, target TEXT NOT NULL,
        sealed_body TEXT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE INDEX kept_bodies_by_expiry ON ${SCHEMA}.kept_bodies (expires_at);
      CREATE TABLE ${SCHEMA}.used_ids (id TEXT COLLATE "C" PRIMARY KEY, expires_at BIGINT NOT NULL);
      CREATE INDEX used_ids_by_expiry ON ${SCHEMA}.used_ids (expires_at);
      CREATE TABLE ${SCHEMA}.leases (
        id TEXT COLLATE "C" PRIMARY KEY, holder TEXT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE TABLE ${SCHEMA}.event_counts (
        id TEXT COLLATE "C" PRIMARY KEY, events BIGINT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE INDEX event_counts_by_expiry ON ${SCHEMA}.event_counts (expires_at);
      CREATE TABLE ${SCHEMA}.endings (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id TEXT NOT NULL,
        transaction XID8 NOT NULL DEFAULT pg_current_xact_id(), ended_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX endings_by_transaction ON ${SCHEMA}.endings (transaction);
      CREATE FUNCTION ${SCHEMA}.note_endings() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
          INSERT INTO ${SCHEMA}.endings (session_id) SELECT id FROM gone;
          IF FOUND THEN PERFORM pg_notify('${ENDINGS_CHANNEL}', ''); END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER sessions_end AFTER DELETE ON ${SCHEMA}.sessions
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.note_endings();
      CREATE TRIGGER host_sessions_end AFTER DELETE ON ${SCHEMA}.host_sessions
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.note_endings()`,
  },
  {
    oldestReader: 1,
    sql: `
      CREATE FUNCTION ${SCHEMA}.note_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
          INSERT INTO ${SCHEMA}.endings (session_id) SELECT id FROM ${SCHEMA}.host_sessions WHERE parent_id = NEW.id;
          IF FOUND THEN PERFORM pg_notify('${ENDINGS_CHANNEL}', ''); END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER sessions_change AFTER UPDATE ON ${SCHEMA}.sessions FOR EACH ROW
        WHEN (OLD.person IS DISTINCT FROM NEW.person OR OLD.authentication IS DISTINCT FROM NEW.authentication
          OR OLD.refresh IS DISTINCT FROM NEW.refresh)
        EXECUTE FUNCTION ${SCHEMA}.note_change()`,
  },
  {
    // What older programs write has no account, which is as it was.
    oldestReader: 1,
    sql: `
      ALTER TABLE ${SCHEMA}.sessions ADD COLUMN account_id TEXT COLLATE "C" NOT NULL DEFAULT '';
      ALTER TABLE ${SCHEMA}.sessions ADD COLUMN device TEXT NOT NULL DEFAULT '{"address":"","userAgent":""}';
      CREATE INDEX sessions_by_creation ON ${SCHEMA}.sessions (created_at, id);
      CREATE INDEX sessions_by_brand ON ${SCHEMA}.sessions (brand, created_at, id);
      CREATE INDEX sessions_by_account ON ${SCHEMA}.sessions (account_id, created_at, id);
      CREATE TABLE ${SCHEMA}.accounts (
        id TEXT COLLATE "C" PRIMARY KEY, brand TEXT COLLATE "C" NOT NULL,
        status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')), origin TEXT NOT NULL,
        email TEXT COLLATE "C" NOT NULL, profile TEXT NOT NULL, own_fields TEXT NOT NULL, group_names TEXT NOT NULL,
        password_hash TEXT, password_changed_at BIGINT, language TEXT NOT NULL,
        created_at BIGINT NOT NULL, last_sign_in_at BIGINT, version BIGINT NOT NULL,
        folded_email TEXT COLLATE "C" NOT NULL, folded_names TEXT COLLATE "C" NOT NULL
      );
      CREATE UNIQUE INDEX accounts_by_email ON ${SCHEMA}.accounts (brand, email) WHERE email <> '';
      CREATE INDEX accounts_by_creation ON ${SCHEMA}.accounts (created_at, id);
      CREATE INDEX accounts_by_brand ON ${SCHEMA}.accounts (brand, created_at, id);
      CREATE INDEX accounts_by_status ON ${SCHEMA}.accounts (status, created_at, id);
      CREATE TABLE ${SCHEMA}.identities (
        brand TEXT COLLATE "C" NOT NULL, issuer TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL,
        account_id TEXT COLLATE "C" NOT NULL REFERENCES ${SCHEMA}.accounts (id) ON DELETE CASCADE,
        identity_provider TEXT COLLATE "C" NOT NULL, email TEXT NOT NULL,
        email_verified BIGINT NOT NULL CHECK (email_verified IN (0, 1)),
        linked_at BIGINT NOT NULL, last_used_at BIGINT NOT NULL, PRIMARY KEY (brand, issuer, subject)
      );
      CREATE INDEX identities_by_account ON ${SCHEMA}.identities (account_id);
      CREATE INDEX identities_by_provider ON ${SCHEMA}.identities (identity_provider, account_id, brand);
      CREATE TABLE ${SCHEMA}.passkeys (
        brand TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
        account_id TEXT COLLATE "C" NOT NULL REFERENCES ${SCHEMA}.accounts (id) ON DELETE CASCADE,
        public_key TEXT NOT NULL, counter BIGINT NOT NULL, transports TEXT NOT NULL, name TEXT NOT NULL,
        created_at BIGINT NOT NULL, last_used_at BIGINT, PRIMARY KEY (brand, id)
      );
      CREATE INDEX passkeys_by_account ON ${SCHEMA}.passkeys (account_id);
      CREATE TABLE ${SCHEMA}.tickets (
        id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, brand TEXT NOT NULL,
        account_id TEXT COLLATE "C" REFERENCES ${SCHEMA}.accounts (id) ON DELETE CASCADE,
        binding_hash TEXT, sealed TEXT NOT NULL, expires_at BIGINT NOT NULL
      );
      CREATE INDEX tickets_by_account ON ${SCHEMA}.tickets (account_id, kind) WHERE account_id IS NOT NULL;
      CREATE INDEX tickets_by_expiry ON ${SCHEMA}.tickets (expires_at);
      CREATE TABLE ${SCHEMA}.audit (
        sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, happened_at BIGINT NOT NULL,
        brand TEXT COLLATE "C" NOT NULL, action TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL,
        account_id TEXT COLLATE "C", address TEXT NOT NULL, details TEXT NOT NULL
      );
      CREATE INDEX audit_by_time ON ${SCHEMA}.audit (happened_at, sequence);
      CREATE INDEX audit_by_brand ON ${SCHEMA}.audit (brand, happened_at, sequence);
      CREATE INDEX audit_by_action ON ${SCHEMA}.audit (action, happened_at, sequence);
      CREATE INDEX audit_by_brand_and_action ON ${SCHEMA}.audit (brand, action, happened_at, sequence);
      CREATE INDEX audit_by_actor ON ${SCHEMA}.audit (actor, happened_at, sequence);
      CREATE INDEX audit_by_account ON ${SCHEMA}.audit (account_id, happened_at, sequence) WHERE account_id IS NOT NULL;
      CREATE FUNCTION ${SCHEMA}.keep_audit() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$;
      CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ${SCHEMA}.audit
        FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.keep_audit()`,
  },
]
