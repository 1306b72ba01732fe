CREATE TABLE communes (
    coordination text NOT NULL,
    code text NOT NULL,
    covered boolean NOT NULL DEFAULT false,
    name text NOT NULL DEFAULT '',
    population integer NOT NULL DEFAULT 0 CHECK (population >= 0),
    longitude double precision NOT NULL DEFAULT 0,
    latitude double precision NOT NULL DEFAULT 0,
    source text NOT NULL DEFAULT '',
    as_of_seq bigint NOT NULL DEFAULT 0,
    dirty_since timestamptz,
    updated_at timestamptz,
    PRIMARY KEY (coordination, code)
) WITH (fillfactor = 50);
CREATE INDEX communes_dirty ON communes (dirty_since) WHERE dirty_since IS NOT NULL;
COMMENT ON COLUMN communes.dirty_since IS 'Since when its update waits to be published; null when it is out.';

CREATE TABLE indicators (
    coordination text NOT NULL,
    indicator text NOT NULL,
    vintage text NOT NULL,
    label text NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    licence text NOT NULL,
    PRIMARY KEY (coordination, indicator, vintage)
);

CREATE TABLE observations (
    coordination text NOT NULL,
    commune text NOT NULL,
    indicator text NOT NULL,
    vintage text NOT NULL,
    value text,
    PRIMARY KEY (coordination, commune, indicator, vintage),
    FOREIGN KEY (coordination, indicator, vintage) REFERENCES indicators
);
COMMENT ON COLUMN observations.value IS 'As its producer wrote it; null is secrecy or absence, never zero.';

CREATE TABLE cells (
    coordination text NOT NULL,
    institution text NOT NULL,
    signal_id uuid NOT NULL,
    revision integer NOT NULL,
    cell_key text NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    grid text NOT NULL,
    area_code text NOT NULL,
    commune text,
    breakdown text NOT NULL,
    count bigint CHECK (count >= 0),
    denominator bigint CHECK (denominator > 0),
    label text NOT NULL,
    in_seq bigint NOT NULL,
    agreement uuid,
    is_open boolean NOT NULL DEFAULT false,
    received_at timestamptz NOT NULL DEFAULT now(),
    withdrawn boolean NOT NULL DEFAULT false,
    PRIMARY KEY (coordination, signal_id, institution),
    UNIQUE (coordination, cell_key)
);
CREATE INDEX cells_within_and_beyond ON cells (coordination, area_code) WHERE grid <> 'commune';
CREATE INDEX cells_by_age ON cells (coordination, received_at) WHERE NOT is_open;
COMMENT ON COLUMN cells.withdrawn IS 'Its sender took it back up to its revision; a later one counts again.';
COMMENT ON INDEX cells_within_and_beyond IS 'What is kept on IRIS, QPV and EPCI is read apart.';
COMMENT ON COLUMN cells.count IS 'Null when the count is secret.';

CREATE TABLE needs (
    coordination text NOT NULL,
    institution text NOT NULL,
    signal_id uuid NOT NULL,
    revision integer NOT NULL,
    reporter_kind text NOT NULL,
    problem text NOT NULL,
    theme text NOT NULL,
    public text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    grid text NOT NULL,
    area_code text NOT NULL,
    commune text,
    count bigint NOT NULL CHECK (count > 0),
    place_kind text,
    time_slots text[] NOT NULL,
    label text NOT NULL,
    in_seq bigint NOT NULL,
    agreement uuid,
    is_open boolean NOT NULL DEFAULT false,
    received_at timestamptz NOT NULL DEFAULT now(),
    withdrawn boolean NOT NULL DEFAULT false,
    reported_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'reported'
        CONSTRAINT needs_state CHECK (state IN ('reported', 'taken_in_charge', 'closed')),
    taken_by text,
    taken_at timestamptz,
    outcome text,
    closed_at timestamptz,
    reminder_on date,
    PRIMARY KEY (coordination, signal_id, institution),
    CONSTRAINT needs_taken CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CONSTRAINT needs_closed
        CHECK ((state = 'closed') = (outcome IS NOT NULL) AND (outcome IS NULL) = (closed_at IS NULL))
);
CREATE INDEX needs_latest ON needs (coordination, reported_at, signal_id, institution);
CREATE INDEX needs_to_remind ON needs (reminder_on) WHERE reminder_on IS NOT NULL;
CREATE INDEX needs_beyond ON needs (coordination, area_code) WHERE grid <> 'commune';
CREATE INDEX needs_by_age ON needs (coordination, received_at) WHERE NOT is_open;
COMMENT ON COLUMN needs.reminder_on IS 'The day of the next reminder; null when none is due any more.';
COMMENT ON COLUMN needs.taken_by IS 'The organisation in charge, never a person.';

CREATE TABLE exposure_figures (
    coordination text NOT NULL,
    commune text NOT NULL,
    institution text NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    grid text NOT NULL,
    breakdown text NOT NULL,
    label text NOT NULL,
    known_sum bigint NOT NULL CHECK (known_sum >= 0),
    known_parts integer NOT NULL CHECK (known_parts >= 0),
    secret_parts integer NOT NULL CHECK (secret_parts >= 0),
    denominator_sum bigint NOT NULL CHECK (denominator_sum >= 0),
    told boolean NOT NULL DEFAULT false,
    PRIMARY KEY (coordination, commune, institution, measure, unit, period, grid, breakdown)
) WITH (fillfactor = 50);
COMMENT ON COLUMN exposure_figures.told IS 'Whether an update has carried it since it last changed.';
COMMENT ON TABLE exposure_figures IS 'Cells folded by commune as they arrive; what pages and maps read.';

CREATE TABLE need_figures (
    coordination text NOT NULL,
    commune text NOT NULL,
    problem text NOT NULL,
    theme text NOT NULL,
    public text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    count_sum bigint NOT NULL CHECK (count_sum >= 0),
    told boolean NOT NULL DEFAULT false,
    PRIMARY KEY (coordination, commune, problem, theme, public, unit, period)
) WITH (fillfactor = 50);

CREATE TABLE series (
    coordination text NOT NULL,
    institution text NOT NULL,
    measure text NOT NULL,
    unit text NOT NULL,
    period text NOT NULL,
    grid text NOT NULL,
    breakdown text NOT NULL,
    label text NOT NULL,
    cells bigint NOT NULL DEFAULT 0 CHECK (cells >= 0),
    PRIMARY KEY (coordination, institution, measure, unit, period, grid, breakdown)
);
COMMENT ON COLUMN series.cells IS 'How many cells of communes it has now; at zero it is shown no more.';
COMMENT ON TABLE series IS 'What a coordination ever received: a commune without a row in one of them is not covered by it.';

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
