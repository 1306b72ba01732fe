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
    received_at timestamptz NOT NULL,
    opened_by text,
    decided_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX receipts_by_coordination ON receipts (coordination, receipt);
CREATE INDEX receipts_by_partner ON receipts (coordination, institution, receipt);
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
CREATE TABLE subscriptions (
    subscription uuid PRIMARY KEY,
    institution text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('nats', 'http', 'sse', 'webhook')),
    coordinations text[] NOT NULL,
    types text[] NOT NULL,
    areas text[] NOT NULL,
    themes text[] NOT NULL,
    publics text[] NOT NULL,
    payload text NOT NULL CHECK (payload IN ('full', 'id_only')),
    url text CHECK ((url IS NOT NULL) = (channel = 'webhook')),
    batch_max integer NOT NULL CHECK (batch_max BETWEEN 1 AND 200),
    key_version integer NOT NULL DEFAULT 1,
    previous_until timestamptz,
    status text NOT NULL CHECK (status IN ('pending', 'active', 'paused', 'disabled')),
    reason text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX subscriptions_by_institution ON subscriptions (institution, subscription);
COMMENT ON COLUMN subscriptions.key_version IS 'The signing secret is derived from it: no secret is kept here.';

CREATE TABLE feeds (
    subscription uuid PRIMARY KEY REFERENCES subscriptions ON DELETE CASCADE,
    start_seq bigint NOT NULL,
    through_seq bigint NOT NULL,
    last_subseq bigint NOT NULL DEFAULT 0,
    acked bigint NOT NULL DEFAULT 0,
    sent bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_failure text,
    next_attempt_at timestamptz,
    beaten bigint NOT NULL DEFAULT 0,
    snapshots uuid[] NOT NULL DEFAULT '{}',
    gap_subseq bigint NOT NULL DEFAULT 0,
    owed_seq bigint,
    CHECK (acked BETWEEN 0 AND last_subseq)
) WITH (fillfactor = 50);
COMMENT ON COLUMN feeds.snapshots IS 'The last snapshots that were asked for this feed: their events are its own.';
COMMENT ON COLUMN feeds.gap_subseq IS 'A snapshot was asked for what is lost up to this number.';
COMMENT ON COLUMN feeds.owed_seq IS 'The oldest message that a subscriber over NATS has not confirmed.';
COMMENT ON COLUMN feeds.through_seq IS 'Messages of PUB up to here are numbered; the rest is still to be read.';

CREATE TABLE deliveries (
    subscription uuid NOT NULL REFERENCES feeds ON DELETE CASCADE,
    subseq bigint NOT NULL,
    stream_seq bigint NOT NULL,
    event_id text NOT NULL,
    numbered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subscription, subseq)
);
COMMENT ON COLUMN deliveries.numbered_at IS 'A confirmed number is forgotten some days after; another one once retention took its message.';
COMMENT ON TABLE deliveries IS 'Which message of PUB each number of a feed is; the message itself stays in the stream.';
CREATE TABLE requests (
    institution text NOT NULL,
    coordination text NOT NULL,
    key text NOT NULL,
    digest text NOT NULL,
    answer text,
    at timestamptz NOT NULL,
    PRIMARY KEY (institution, coordination, key)
);
CREATE INDEX requests_by_age ON requests (at);
COMMENT ON TABLE requests IS 'Answers given under an Idempotency-Key, kept a day: a retry gets the same one.';

CREATE TABLE allowances (
    institution text PRIMARY KEY,
    left_over double precision NOT NULL,
    at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE allowances IS 'Signals each institution may still send now; it fills again with time.';

CREATE TABLE paces (
    coordination text NOT NULL,
    institution text NOT NULL,
    last_at timestamptz NOT NULL,
    usual_seconds double precision,
    quiet_since timestamptz,
    flooded_at timestamptz,
    flooding_since timestamptz,
    PRIMARY KEY (coordination, institution)
) WITH (fillfactor = 50);
COMMENT ON TABLE paces IS 'How often each partner usually sends, and the episode it is in: silence or flood.';

CREATE TABLE agreement_tallies (
    coordination text NOT NULL,
    opened_by text NOT NULL,
    institution text NOT NULL,
    status text NOT NULL,
    code text NOT NULL,
    n bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, opened_by, institution, status, code)
) WITH (fillfactor = 50);
COMMENT ON COLUMN agreement_tallies.opened_by IS 'The agreement, or the slug of the licence.';

CREATE TABLE redrives (
    redrive_id uuid PRIMARY KEY,
    verb text NOT NULL CHECK (verb IN ('redrive', 'drop', 'edit')),
    who text NOT NULL,
    why text NOT NULL,
    edited text,
    asked_at timestamptz NOT NULL,
    finished_at timestamptz
);
COMMENT ON TABLE redrives IS 'Each time someone dealt with parked events: who, why, and on which frozen set.';

CREATE TABLE redrive_items (
    redrive_id uuid NOT NULL REFERENCES redrives,
    n bigint NOT NULL,
    service text NOT NULL,
    consumer text NOT NULL,
    event_id text NOT NULL,
    outcome text,
    error text,
    behind bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (redrive_id, n)
);
