ALTER TABLE feeds
    ADD COLUMN snapshots uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN gap_subseq bigint NOT NULL DEFAULT 0,
    ADD COLUMN owed_seq bigint;
COMMENT ON COLUMN feeds.snapshots IS 'The last snapshots that were asked for this feed: their events are its own.';
COMMENT ON COLUMN feeds.gap_subseq IS 'A snapshot was asked for what is lost up to this number.';
COMMENT ON COLUMN feeds.owed_seq IS 'The oldest message that a subscriber over NATS has not confirmed.';
