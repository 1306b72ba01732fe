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
CREATE TABLE versions (
    coordination text NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    id uuid NOT NULL,
    title text NOT NULL,
    published_at timestamptz NOT NULL,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    public_hash text NOT NULL CHECK (public_hash ~ '^[0-9a-f]{64}$'),
    elements integer NOT NULL CHECK (elements >= 0),
    document bytea NOT NULL CHECK (hash = encode(sha256(document), 'hex')),
    public_document bytea NOT NULL CHECK (public_hash = encode(sha256(public_document), 'hex')),
    PRIMARY KEY (coordination, number),
    UNIQUE (coordination, id)
);
COMMENT ON TABLE versions IS 'Frozen versions of the diagnostic: decisions cite them, nothing changes them.';
COMMENT ON COLUMN versions.document IS 'Canonical JSON of the version as agreements open it, without its hash.';
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: publish another version', TG_TABLE_NAME
          USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON versions
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE readers (
    agreement_id uuid PRIMARY KEY,
    coordination text NOT NULL,
    institution text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    suspended boolean NOT NULL DEFAULT false,
    ended boolean NOT NULL DEFAULT false
);
CREATE INDEX readers_institution ON readers (coordination, institution);
COMMENT ON TABLE readers IS 'Agreements: while one is in force its institution reads exact counts.';

CREATE TABLE open_sources (
    coordination text NOT NULL,
    licence text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (coordination, licence)
);
COMMENT ON TABLE open_sources IS 'Labels of open data: anyone may read its counts as their producer published them.';
