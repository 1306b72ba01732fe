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
