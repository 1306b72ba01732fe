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
