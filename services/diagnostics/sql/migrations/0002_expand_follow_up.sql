ALTER TABLE cells
    ADD COLUMN agreement uuid,
    ADD COLUMN is_open boolean NOT NULL DEFAULT false,
    ADD COLUMN received_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;
CREATE INDEX cells_within_and_beyond ON cells (coordination, area_code) WHERE grid <> 'commune';
CREATE INDEX cells_by_age ON cells (coordination, received_at) WHERE NOT is_open;
COMMENT ON COLUMN cells.withdrawn IS 'Its sender took it back up to its revision; a later one counts again.';
COMMENT ON INDEX cells_within_and_beyond IS 'What is kept on IRIS, QPV and EPCI is read apart.';

ALTER TABLE needs
    ADD COLUMN agreement uuid,
    ADD COLUMN is_open boolean NOT NULL DEFAULT false,
    ADD COLUMN received_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN withdrawn boolean NOT NULL DEFAULT false,
    ADD COLUMN reported_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN state text NOT NULL DEFAULT 'reported'
        CONSTRAINT needs_state CHECK (state IN ('reported', 'taken_in_charge', 'closed')),
    ADD COLUMN taken_by text,
    ADD COLUMN taken_at timestamptz,
    ADD COLUMN outcome text,
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN reminder_on date,
    ADD CONSTRAINT needs_taken CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    ADD CONSTRAINT needs_closed
        CHECK ((state = 'closed') = (outcome IS NOT NULL) AND (outcome IS NULL) = (closed_at IS NULL));
CREATE INDEX needs_latest ON needs (coordination, reported_at, signal_id, institution);
CREATE INDEX needs_to_remind ON needs (reminder_on) WHERE reminder_on IS NOT NULL;
CREATE INDEX needs_beyond ON needs (coordination, area_code) WHERE grid <> 'commune';
CREATE INDEX needs_by_age ON needs (coordination, received_at) WHERE NOT is_open;
COMMENT ON COLUMN needs.reminder_on IS 'The day of the next reminder; null when none is due any more.';
COMMENT ON COLUMN needs.taken_by IS 'The organisation in charge, never a person.';

ALTER TABLE series
    ADD COLUMN cells bigint NOT NULL DEFAULT 0 CHECK (cells >= 0);
UPDATE series
   SET cells = counted.cells
  FROM (SELECT coordination, institution, measure, unit, period, grid, breakdown, count(*) AS cells
          FROM cells
         WHERE commune IS NOT NULL
         GROUP BY coordination, institution, measure, unit, period, grid, breakdown) AS counted
 WHERE (series.coordination, series.institution, series.measure, series.unit, series.period,
        series.grid, series.breakdown)
       = (counted.coordination, counted.institution, counted.measure, counted.unit, counted.period,
          counted.grid, counted.breakdown);
COMMENT ON COLUMN series.cells IS 'How many cells of communes it has now; at zero it is shown no more.';

CREATE TABLE agreements (
    agreement_id uuid PRIMARY KEY,
    coordination text NOT NULL,
    retention_months integer NOT NULL CHECK (retention_months > 0)
);
COMMENT ON TABLE agreements IS 'How long what came under an agreement is kept, as members told.';

CREATE TABLE organizations (
    coordination text NOT NULL,
    organization text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (coordination, organization)
);
COMMENT ON TABLE organizations IS 'Members of a coordination, as members told: who may take a need in charge.';
