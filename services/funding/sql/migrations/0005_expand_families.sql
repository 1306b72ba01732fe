CREATE TABLE lineage (
    coordination text PRIMARY KEY,
    parent text CHECK (parent <> coordination)
);
COMMENT ON TABLE lineage IS 'Which coordination stands under which, as members told.';
CREATE INDEX lineage_by_parent ON lineage (parent, coordination);

CREATE TABLE counted_in (
    coordination text NOT NULL,
    fund text NOT NULL,
    in_coordination text NOT NULL CHECK (in_coordination <> coordination),
    in_fund text NOT NULL,
    PRIMARY KEY (coordination, fund),
    FOREIGN KEY (coordination, fund) REFERENCES funds
);
COMMENT ON TABLE counted_in IS 'Funds whose money a fund of a coordination above counts already: it feeds them, or is the same convention.';
