ALTER TABLE parked
    ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN stream_seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN at_ns bigint NOT NULL DEFAULT 0,
    ADD COLUMN told text;
CREATE INDEX parked_in_order ON parked (n) WHERE state = 'parked';
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
