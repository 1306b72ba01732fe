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
    CHECK (acked BETWEEN 0 AND last_subseq)
) WITH (fillfactor = 50);
COMMENT ON COLUMN feeds.through_seq IS 'Messages of PUB up to here are numbered; the rest is still to be read.';

CREATE TABLE deliveries (
    subscription uuid NOT NULL REFERENCES feeds ON DELETE CASCADE,
    subseq bigint NOT NULL,
    stream_seq bigint NOT NULL,
    event_id text NOT NULL,
    PRIMARY KEY (subscription, subseq)
);
COMMENT ON TABLE deliveries IS 'Which message of PUB each number of a feed is; the message itself stays in the stream.';
