ALTER TABLE partners ALTER COLUMN nkeys DROP NOT NULL;
COMMENT ON COLUMN partners.nkeys IS 'Superseded by keys; a later step drops it.';

CREATE TABLE keys (
    institution text NOT NULL REFERENCES partners,
    key_id text NOT NULL,
    use text NOT NULL CHECK (use IN ('nats', 'http')),
    jwk text CHECK ((jwk IS NULL) = (use = 'nats')),
    registered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (institution, key_id)
);
CREATE UNIQUE INDEX keys_are_of_one ON keys (key_id);
COMMENT ON TABLE keys IS 'Public keys of institutions'' systems; one that was revoked never opens anything again.';

INSERT INTO keys (institution, key_id, use, registered_at, expires_at)
SELECT institution, unnest(nkeys), 'nats', admitted_at, admitted_at + interval '2 years'
  FROM partners
    ON CONFLICT DO NOTHING;

CREATE TABLE invitations (
    invitation_id uuid PRIMARY KEY,
    institution text NOT NULL,
    name text NOT NULL,
    code_sha256 text NOT NULL UNIQUE,
    invited_by text NOT NULL,
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
COMMENT ON COLUMN invitations.code_sha256 IS 'All that is kept of the code.';

CREATE TABLE told_keys (
    institution text NOT NULL,
    coordination text NOT NULL,
    fingerprint text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (institution, coordination)
);
COMMENT ON TABLE told_keys IS 'Which keys the tokens'' service was last told to admit, so that it is told again only when they change.';

CREATE TABLE rights_in_force (
    institution text PRIMARY KEY,
    fingerprint text NOT NULL,
    in_force_at timestamptz NOT NULL
);
COMMENT ON TABLE rights_in_force IS 'The NATS rights that every server took up last.';

CREATE TABLE conformance_runs (
    run_id uuid PRIMARY KEY,
    institution text NOT NULL REFERENCES partners,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    passed boolean NOT NULL DEFAULT false,
    steps text NOT NULL DEFAULT '[]'
);
CREATE INDEX conformance_runs_by_institution ON conformance_runs (institution, run_id);
