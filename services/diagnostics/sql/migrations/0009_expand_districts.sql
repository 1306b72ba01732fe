-- Priority districts (QPV) are known in the communes that their producers say they are in.
CREATE TABLE districts (
    coordination text NOT NULL,
    district text NOT NULL,
    commune text NOT NULL,
    PRIMARY KEY (coordination, district, commune)
);
CREATE INDEX districts_by_commune ON districts (commune);
COMMENT ON TABLE districts IS 'Which communes a QPV is in, as a file said; its counts stay its own.';
COMMENT ON COLUMN districts.coordination IS 'Empty where a file is national: kept once, read by all.';
-- A place may name a commune that gave way to another.
ALTER TABLE national_movements ADD COLUMN name_before text NOT NULL DEFAULT '';
CREATE INDEX national_movements_by_after ON national_movements (code_after);
