-- A version keeps hidden what an earlier one hid: what they told is kept beside them.
CREATE TABLE told_counts (
    coordination text NOT NULL,
    commune text NOT NULL,
    institution text NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    number integer NOT NULL,
    counts text NOT NULL,
    PRIMARY KEY (coordination, commune, institution, measure, unit, period, number)
);
COMMENT ON TABLE told_counts IS 'What versions told of each series of a commune, and what they hid of it; a row where that changed.';
COMMENT ON COLUMN told_counts.counts IS 'JSON: grid, IRIS, breakdown, sum, known and secret parts, and whether it was hidden, of each count.';
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON told_counts
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
