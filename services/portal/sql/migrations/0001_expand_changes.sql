CREATE TABLE changes (
    coordination text NOT NULL,
    topic text NOT NULL,
    n bigint NOT NULL DEFAULT 1 CHECK (n > 0),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, topic)
);
COMMENT ON TABLE changes IS 'When each topic of a coordination last changed, and how many times: what a page says, what a browser is told.';
