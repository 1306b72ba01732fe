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
    gap_through bigint NOT NULL DEFAULT 0,
    beaten_seq bigint NOT NULL DEFAULT 0,
    CHECK (acked BETWEEN 0 AND last_subseq)
) WITH (fillfactor = 50);
COMMENT ON COLUMN feeds.through_seq IS 'Messages of PUB up to here are numbered; the rest is still to be read.';
COMMENT ON COLUMN feeds.gap_through IS 'Numbers up to here are past retention and were told as a gap.';

CREATE TABLE deliveries (
    subscription uuid NOT NULL REFERENCES feeds ON DELETE CASCADE,
    subseq bigint NOT NULL,
    stream_seq bigint NOT NULL,
    event_id text NOT NULL,
    snapshot text,
    PRIMARY KEY (subscription, subseq)
);
COMMENT ON TABLE deliveries IS 'Which message of PUB each number of a feed is; the message itself stays in the stream.';
COMMENT ON COLUMN deliveries.snapshot IS 'Coordination and area, as in sicoval/c31113, when the number is the state of an area rather than a message.';
