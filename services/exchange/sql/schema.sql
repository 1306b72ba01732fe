CREATE TABLE partners (
    institution text PRIMARY KEY,
    name text NOT NULL,
    nkeys text[] NOT NULL CHECK (cardinality(nkeys) BETWEEN 1 AND 2),
    answers_grouped boolean NOT NULL,
    admitted_at timestamptz NOT NULL
);

CREATE TABLE coordinations (
    coordination text PRIMARY KEY
);
COMMENT ON TABLE coordinations IS 'Slugs of the coordinations that exist, as members told.';

CREATE TABLE agreements (
    agreement_id uuid PRIMARY KEY,
    coordination text NOT NULL,
    institution text NOT NULL,
    purposes text[] NOT NULL,
    publishes text[] NOT NULL,
    receives text[] NOT NULL,
    areas text[] NOT NULL,
    threshold integer NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    reference text NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    suspended boolean NOT NULL DEFAULT false
);

CREATE TABLE licences (
    coordination text NOT NULL,
    licence text NOT NULL,
    label text NOT NULL,
    threshold integer NOT NULL,
    institutions text[] NOT NULL,
    PRIMARY KEY (coordination, licence)
);

CREATE TABLE receipts (
    receipt uuid PRIMARY KEY,
    coordination text NOT NULL,
    institution text NOT NULL,
    signal_id uuid,
    kind text NOT NULL,
    area text,
    ce_id text,
    in_seq bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('kept', 'accepted', 'refused')),
    code text,
    field text,
    detail text,
    fingerprint text,
    received_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX receipts_by_coordination ON receipts (coordination, receipt);
CREATE INDEX receipts_by_signal ON receipts (signal_id, receipt);
COMMENT ON COLUMN receipts.fingerprint IS 'SHA-256 of a payload that held personal data: all that is kept of it.';

CREATE TABLE tallies (
    coordination text NOT NULL,
    institution text NOT NULL,
    status text NOT NULL,
    code text NOT NULL,
    n bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, institution, status, code)
) WITH (fillfactor = 50);

CREATE TABLE erasures (
    in_seq bigint PRIMARY KEY,
    asked_at timestamptz NOT NULL
);
COMMENT ON TABLE erasures IS 'Raw messages that held personal data and are still to be erased from the stream.';

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
