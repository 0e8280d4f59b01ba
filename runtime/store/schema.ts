/** Steps from an empty database to today's, in order and forward only; `PRAGMA user_version` counts those done. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE sessions (
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
   CREATE TABLE used_ids (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
]
