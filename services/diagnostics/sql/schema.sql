CREATE TABLE communes (
    coordination text NOT NULL,
    code text NOT NULL,
    covered boolean NOT NULL DEFAULT false,
    name text NOT NULL DEFAULT '',
    population integer NOT NULL DEFAULT 0 CHECK (population >= 0),
    longitude double precision,
    latitude double precision,
    source text NOT NULL DEFAULT '',
    as_of_seq bigint NOT NULL DEFAULT 0,
    dirty_since timestamptz,
    updated_at timestamptz,
    PRIMARY KEY (coordination, code)
) WITH (fillfactor = 50);
CREATE INDEX communes_dirty ON communes (dirty_since) WHERE dirty_since IS NOT NULL;
CREATE INDEX communes_by_code ON communes (code);
COMMENT ON COLUMN communes.dirty_since IS 'Since when its update waits to be published; null when it is out.';

CREATE TABLE indicators (
    coordination text NOT NULL,
    indicator text NOT NULL,
    vintage text NOT NULL,
    label text NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    licence text NOT NULL,
    brought_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (coordination, indicator, vintage)
);
COMMENT ON COLUMN indicators.coordination IS 'Empty where an edition is national: kept once, read by all.';

CREATE TABLE observations (
    coordination text NOT NULL,
    commune text NOT NULL,
    indicator text NOT NULL,
    vintage text NOT NULL,
    value text,
    secret boolean NOT NULL DEFAULT false CHECK (NOT (secret AND value IS NOT NULL)),
    revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
    observed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (coordination, commune, indicator, vintage),
    FOREIGN KEY (coordination, indicator, vintage) REFERENCES indicators
);
CREATE INDEX observations_by_indicator ON observations (coordination, indicator, vintage, commune);
COMMENT ON COLUMN observations.commune IS 'Code of a commune, of an EPCI (nine digits) or of a département (two or three characters).';
COMMENT ON COLUMN observations.secret IS 'Whether its producer says that the value is secret, and not only absent.';
COMMENT ON COLUMN observations.revision IS 'Which value this is of the area in the edition; those before are in observation_revisions.';
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
    PRIMARY KEY (coordination, signal_id, institution),
    UNIQUE (coordination, cell_key)
);
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
    PRIMARY KEY (coordination, signal_id, institution)
);

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
    PRIMARY KEY (coordination, institution, measure, unit, period, grid, breakdown)
);
COMMENT ON TABLE series IS 'What a coordination ever received: a commune without a row in one of them is not covered by it.';

CREATE TABLE national_communes (
    commune text PRIMARY KEY,
    name text NOT NULL,
    population integer CHECK (population >= 0),
    department text NOT NULL,
    department_name text NOT NULL,
    region text NOT NULL,
    epci text,
    epci_name text,
    postal_codes text[] NOT NULL DEFAULT '{}',
    longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    latitude double precision CHECK (latitude BETWEEN -90 AND 90)
);
CREATE INDEX national_communes_by_epci ON national_communes (epci) WHERE epci IS NOT NULL;
CREATE INDEX national_communes_by_department ON national_communes (department);
CREATE INDEX national_communes_by_population ON national_communes (population, commune);
CREATE INDEX national_communes_by_postal_code ON national_communes USING gin (postal_codes);
COMMENT ON TABLE national_communes IS 'The Code officiel géographique, whichever communes are a coordination''s.';

CREATE TABLE national_movements (
    code_before text NOT NULL,
    effective_on date NOT NULL,
    code_after text NOT NULL,
    PRIMARY KEY (code_before, effective_on, code_after)
);
COMMENT ON TABLE national_movements IS 'Codes of communes that gave way to others.';

CREATE TABLE observation_revisions (
    coordination text NOT NULL,
    commune text NOT NULL,
    indicator text NOT NULL,
    vintage text NOT NULL,
    revision integer NOT NULL CHECK (revision >= 1),
    value text,
    secret boolean NOT NULL,
    observed_at timestamptz NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, commune, indicator, vintage, revision)
);
COMMENT ON TABLE observation_revisions IS 'Values that an edition gave before it was corrected; none is ever lost.';

CREATE TABLE adviser_activity (
    coordination text NOT NULL,
    place_kind text NOT NULL CHECK (place_kind IN ('postal_code', 'department')),
    place text NOT NULL,
    vintage text NOT NULL,
    figures text NOT NULL CHECK (figures IS JSON OBJECT),
    source text NOT NULL,
    licence text NOT NULL,
    brought_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, place_kind, place, vintage)
);
COMMENT ON COLUMN adviser_activity.coordination IS 'Empty where a file is national: kept once, read by all.';
COMMENT ON TABLE adviser_activity IS 'What advisers reported of their accompaniments, as their tool exports it; people are counted, never named.';
