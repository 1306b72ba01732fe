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

CREATE TABLE places (
    coordination text NOT NULL,
    id uuid NOT NULL,
    local_id text NOT NULL,
    source text NOT NULL,
    pivot text,
    name text NOT NULL,
    commune_name text NOT NULL,
    postal_code text NOT NULL,
    insee_code text,
    address text NOT NULL,
    address_extra text,
    latitude double precision,
    longitude double precision,
    kinds text[] NOT NULL,
    phone text,
    emails text[] NOT NULL,
    websites text[] NOT NULL,
    hours text,
    summary text,
    detail text,
    itinerance text[] NOT NULL,
    parent text,
    updated_on date NOT NULL,
    services text[] NOT NULL,
    publics text[] NOT NULL,
    special_care text[] NOT NULL,
    fees text[] NOT NULL,
    programmes text[] NOT NULL,
    labels text[] NOT NULL,
    other_labels text[] NOT NULL,
    access_modes text[] NOT NULL,
    support_modes text[] NOT NULL,
    access_sheet text,
    booking text,
    commune text NOT NULL,
    name_key text NOT NULL,
    address_key text NOT NULL,
    words text NOT NULL,
    opens_evening boolean,
    opens_weekend boolean,
    content text NOT NULL,
    PRIMARY KEY (coordination, id),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
);
CREATE INDEX places_by_name ON places (coordination, name_key, id);
CREATE INDEX places_by_commune ON places (coordination, commune, name_key, id);
CREATE INDEX places_by_pivot ON places (coordination, pivot, address_key);
CREATE INDEX places_by_latitude ON places (coordination, latitude);
CREATE INDEX places_by_word ON places USING gin (to_tsvector('simple', words));
COMMENT ON TABLE places IS 'Places of digital mediation as the national schema tells them, in each coordination.';
COMMENT ON COLUMN places.opens_evening IS 'Null where no hours are known that can be read.';
COMMENT ON COLUMN places.content IS 'Digest of what its producer tells: the same again changes nothing.';

CREATE TABLE place_services (
    coordination text NOT NULL,
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    local_id text NOT NULL,
    source text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    kind text,
    themes text[] NOT NULL,
    fees text,
    fees_detail text,
    publics text[] NOT NULL,
    publics_detail text,
    conditions text,
    reception_modes text[] NOT NULL,
    eligible_areas text[] NOT NULL,
    mobilisation_modes text[] NOT NULL,
    mobilisable_by text[] NOT NULL,
    link text,
    phone text,
    email text,
    hours text,
    weekly_hours double precision CHECK (weekly_hours >= 0),
    weeks integer CHECK (weeks >= 1),
    updated_on date NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (coordination, id),
    FOREIGN KEY (coordination, place_id) REFERENCES places (coordination, id)
);
CREATE INDEX place_services_by_place ON place_services (coordination, place_id, id);
COMMENT ON TABLE place_services IS 'Services of places as data·inclusion tells them.';
