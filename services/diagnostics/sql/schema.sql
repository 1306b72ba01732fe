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
CREATE INDEX needs_by_commune ON needs (coordination, commune) WHERE NOT withdrawn;
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
    name_before text NOT NULL DEFAULT '',
    PRIMARY KEY (code_before, effective_on, code_after)
);
CREATE INDEX national_movements_by_after ON national_movements (code_after);
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
CREATE TABLE elements (
    coordination text NOT NULL,
    element_id uuid NOT NULL,
    title text NOT NULL,
    problem text NOT NULL,
    public text NOT NULL,
    communes text[] NOT NULL CHECK (cardinality(communes) > 0),
    figure_kind text NOT NULL,
    figure text NOT NULL,
    reading text NOT NULL,
    source text NOT NULL,
    vintage text NOT NULL,
    observed_on date NOT NULL,
    organization text NOT NULL,
    state text NOT NULL,
    changed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, element_id)
);
COMMENT ON TABLE elements IS 'A risk that a figure reveals, and how far the field has confirmed it.';

CREATE TABLE element_areas (
    coordination text NOT NULL,
    commune text NOT NULL,
    element_id uuid NOT NULL,
    PRIMARY KEY (coordination, commune, element_id),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);
CREATE INDEX element_areas_element ON element_areas (coordination, element_id);

CREATE TABLE element_steps (
    coordination text NOT NULL,
    step_id uuid NOT NULL,
    element_id uuid NOT NULL,
    state text NOT NULL,
    decided_on date NOT NULL,
    organization text NOT NULL,
    capacity text NOT NULL,
    campaign uuid,
    evidence uuid[] NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, step_id),
    UNIQUE (coordination, element_id, state),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);
COMMENT ON COLUMN element_steps.capacity IS 'As what it was decided: a function, never a name.';

CREATE TABLE element_actions (
    coordination text NOT NULL,
    element_id uuid NOT NULL,
    action text NOT NULL,
    PRIMARY KEY (coordination, element_id, action),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);

CREATE TABLE evidence (
    coordination text NOT NULL,
    evidence_id uuid NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    commune text,
    kind text NOT NULL,
    title text NOT NULL,
    source text NOT NULL,
    dated date NOT NULL,
    url text,
    sha256 text,
    size_bytes bigint CHECK (size_bytes > 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, evidence_id),
    CHECK (url IS NOT NULL OR sha256 IS NOT NULL)
);
CREATE INDEX evidence_target ON evidence (coordination, target_kind, target, evidence_id);
CREATE INDEX evidence_commune ON evidence (coordination, commune, evidence_id);

CREATE TABLE campaigns (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    title text NOT NULL,
    operator text NOT NULL,
    subject_kind text NOT NULL,
    subject text,
    communes text[] NOT NULL CHECK (cardinality(communes) > 0),
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    threshold integer NOT NULL CHECK (threshold BETWEEN 5 AND 1000),
    questions jsonb NOT NULL,
    state text NOT NULL,
    opened_on date,
    closed_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, campaign_id),
    CHECK (begins_on <= ends_on)
);
CREATE INDEX campaigns_subject ON campaigns (coordination, subject_kind, subject, campaign_id);

CREATE TABLE survey_results (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    commune text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    count bigint CHECK (count >= 0),
    revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    loaded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, campaign_id, commune, question, answer),
    FOREIGN KEY (coordination, campaign_id) REFERENCES campaigns
);
CREATE INDEX survey_results_commune ON survey_results (coordination, commune, campaign_id);
COMMENT ON COLUMN survey_results.count IS 'Of a whole commune; null when it is secret. Nobody''s own answers are ever here.';

CREATE TABLE survey_follow_ups (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    commune text NOT NULL,
    stage text NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    told_on date NOT NULL,
    PRIMARY KEY (coordination, campaign_id, commune, stage),
    FOREIGN KEY (coordination, campaign_id) REFERENCES campaigns
);

CREATE TABLE testimonies (
    coordination text NOT NULL,
    testimony_id uuid NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    commune text NOT NULL,
    public text NOT NULL,
    said text,
    heard_on date NOT NULL,
    organization text NOT NULL,
    withdrawn_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, testimony_id),
    CHECK ((said IS NULL) = (withdrawn_on IS NOT NULL))
);
CREATE INDEX testimonies_target ON testimonies (coordination, target_kind, target, testimony_id);
CREATE INDEX testimonies_commune ON testimonies (coordination, commune, testimony_id);
COMMENT ON COLUMN testimonies.said IS 'What an inhabitant agreed to let be told; gone once it is withdrawn.';

CREATE TABLE tours (
    coordination text NOT NULL,
    post text NOT NULL,
    filled_on date NOT NULL,
    PRIMARY KEY (coordination, post, filled_on)
);
COMMENT ON TABLE tours IS 'An adviser took a post: each commune is to be visited from that day.';

CREATE TABLE visits (
    coordination text NOT NULL,
    visit_id uuid NOT NULL,
    commune text NOT NULL,
    planned_on date NOT NULL,
    state text NOT NULL,
    done_on date,
    met text[] NOT NULL,
    needs text[] NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, visit_id),
    CHECK ((done_on IS NOT NULL) = (state = 'DONE'))
);
CREATE INDEX visits_commune ON visits (coordination, commune, visit_id);
COMMENT ON COLUMN visits.met IS 'Functions, never names.';

CREATE TABLE contributions (
    coordination text NOT NULL,
    contribution_id uuid NOT NULL,
    kind text NOT NULL,
    organization text NOT NULL,
    version integer NOT NULL CHECK (version >= 0),
    withdrawn_on date,
    PRIMARY KEY (coordination, contribution_id)
);

CREATE TABLE contribution_versions (
    coordination text NOT NULL,
    contribution_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    title text NOT NULL,
    summary text NOT NULL,
    theme text,
    communes text[] NOT NULL,
    begins_on date,
    ends_on date,
    url text,
    sha256 text,
    size_bytes bigint CHECK (size_bytes > 0),
    shared_on date NOT NULL,
    PRIMARY KEY (coordination, contribution_id, version),
    FOREIGN KEY (coordination, contribution_id) REFERENCES contributions
);
CREATE TABLE districts (
    coordination text NOT NULL,
    district text NOT NULL,
    commune text NOT NULL,
    PRIMARY KEY (coordination, district, commune)
);
CREATE INDEX districts_by_commune ON districts (commune);
COMMENT ON TABLE districts IS 'Which communes a QPV is in, as a file said; its counts stay its own.';
COMMENT ON COLUMN districts.coordination IS 'Empty where a file is national: kept once, read by all.';
