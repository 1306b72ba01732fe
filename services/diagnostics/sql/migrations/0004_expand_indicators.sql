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

ALTER TABLE communes
    ALTER COLUMN longitude DROP NOT NULL,
    ALTER COLUMN longitude DROP DEFAULT,
    ALTER COLUMN latitude DROP NOT NULL,
    ALTER COLUMN latitude DROP DEFAULT;
CREATE INDEX communes_by_code ON communes (code);

ALTER TABLE indicators
    ADD COLUMN brought_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN indicators.coordination IS 'Empty where an edition is national: kept once, read by all.';

ALTER TABLE observations
    ADD COLUMN secret boolean NOT NULL DEFAULT false CHECK (NOT (secret AND value IS NOT NULL)),
    ADD COLUMN revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
    ADD COLUMN observed_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN observations.commune IS 'Code of a commune, of an EPCI (nine digits) or of a département (two or three characters).';
COMMENT ON COLUMN observations.secret IS 'Whether its producer says that the value is secret, and not only absent.';
COMMENT ON COLUMN observations.revision IS 'Which value this is of the area in the edition; those before are in observation_revisions.';

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
