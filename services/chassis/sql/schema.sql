CREATE TABLE ev (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    aggregate text NOT NULL,
    version bigint NOT NULL,
    subject text NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    causation_id text,
    correlation_id text,
    data bytea NOT NULL,
    at timestamptz NOT NULL,
    UNIQUE (aggregate, version)
);
COMMENT ON TABLE ev IS 'Every fact this service ever told, append-only: what the stream is rebuilt from.';

CREATE TABLE ev_pending (
    answer boolean NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (answer, seq)
);
COMMENT ON TABLE ev_pending IS 'Facts committed and not yet in a stream; answers go to the one that partners read.';

CREATE TABLE ev_claim (
    answer boolean PRIMARY KEY,
    batch uuid NOT NULL,
    seqs bigint[] NOT NULL
);
COMMENT ON TABLE ev_claim IS 'The batch a relay is publishing, one per stream; resent whole under the same id after any doubt.';

CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
COMMENT ON TABLE inbox IS 'Events whose effect is in this database: a redelivery changes nothing.';

CREATE TABLE parked (
    consumer text NOT NULL,
    event_id text NOT NULL,
    aggregate text NOT NULL,
    type text NOT NULL,
    attempts integer NOT NULL,
    error text NOT NULL,
    headers text NOT NULL,
    subject text NOT NULL,
    data bytea NOT NULL,
    state text NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'redriven', 'dropped')),
    at timestamptz NOT NULL DEFAULT now(),
    n bigint GENERATED ALWAYS AS IDENTITY,
    stream_seq bigint NOT NULL DEFAULT 0,
    at_ns bigint NOT NULL DEFAULT 0,
    told text,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX parked_in_order ON parked (n) WHERE state = 'parked';
CREATE INDEX parked_open ON parked (consumer, aggregate) WHERE state = 'parked';
COMMENT ON TABLE parked IS 'Events that could not be handled, with the reason; the others went on.';
COMMENT ON COLUMN parked.told IS 'Who dealt with it and why, when someone did.';

CREATE TABLE ev_seen (
    event_id uuid PRIMARY KEY,
    times integer NOT NULL
);
COMMENT ON TABLE ev_seen IS 'What the reconciler found in a stream during its present round, and how often.';

CREATE TABLE ev_stream (
    answer boolean PRIMARY KEY,
    last_seq bigint NOT NULL
);
COMMENT ON TABLE ev_stream IS 'Where each stream ended: one that is made again ends there too, for who counts on its numbers.';
