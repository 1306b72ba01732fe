ALTER TABLE receipts
    ADD COLUMN opened_by text,
    ADD COLUMN decided_at timestamptz;
CREATE INDEX receipts_by_partner ON receipts (coordination, institution, receipt);

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
