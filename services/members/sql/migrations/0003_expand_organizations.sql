CREATE TABLE regions (
    region text PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE regions IS 'Régions of the Code officiel géographique, and the overseas collectivities that are their own.';

CREATE TABLE departments (
    department text PRIMARY KEY,
    name text NOT NULL,
    region text NOT NULL REFERENCES regions
);
COMMENT ON TABLE departments IS 'Départements of the Code officiel géographique, 2A, 2B and overseas ones included.';

CREATE TABLE epcis (
    epci text PRIMARY KEY CHECK (epci ~ '^[0-9]{9}$'),
    name text NOT NULL,
    kind text
);
COMMENT ON TABLE epcis IS 'Groupings of communes with their own taxation, by SIREN; some stand on several départements.';

CREATE TABLE communes (
    commune text PRIMARY KEY,
    name text NOT NULL,
    name_key text NOT NULL,
    population integer CHECK (population >= 0),
    department text NOT NULL REFERENCES departments,
    epci text REFERENCES epcis
);
CREATE INDEX communes_by_epci ON communes (epci, commune);
CREATE INDEX communes_by_department ON communes (department, commune);
CREATE INDEX communes_by_name ON communes (name_key text_pattern_ops, commune);
COMMENT ON TABLE communes IS 'Communes that exist today; four have no EPCI, some have no inhabitant and a population that is null.';

CREATE TABLE commune_movements (
    code_before text NOT NULL,
    effective_on date NOT NULL,
    kind text NOT NULL,
    type_before text NOT NULL,
    type_after text NOT NULL,
    code_after text NOT NULL,
    name_before text NOT NULL,
    name_after text NOT NULL,
    PRIMARY KEY (code_before, effective_on, kind, type_before, type_after, code_after)
);
COMMENT ON TABLE commune_movements IS 'What became of each commune, as INSEE tells it; a creation has no code before, a suppression none after.';

ALTER TABLE coordinations
    ADD COLUMN department text,
    ADD COLUMN epcis text[] NOT NULL DEFAULT '{}',
    ADD COLUMN parent text REFERENCES coordinations,
    ADD COLUMN experiment boolean NOT NULL DEFAULT false,
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN strategy text,
    ADD COLUMN process text,
    ADD CONSTRAINT coordinations_period_check CHECK (starts_on <= ends_on),
    ADD CONSTRAINT coordinations_parent_check CHECK (parent <> coordination);
CREATE INDEX coordinations_by_parent ON coordinations (parent, coordination);

ALTER TABLE organizations
    ADD COLUMN rna text CHECK (rna ~ '^W[0-9]{9}$'),
    ADD COLUMN commune text,
    ADD COLUMN name_key text NOT NULL DEFAULT '',
    ADD COLUMN merged_into text REFERENCES organizations,
    ADD COLUMN siren text GENERATED ALWAYS AS (left(siret, 9)) STORED,
    ADD COLUMN department text GENERATED ALWAYS AS (left(commune, CASE WHEN commune ~ '^9[78]' THEN 3 ELSE 2 END)) STORED,
    ADD CONSTRAINT organizations_merged_check CHECK (merged_into <> organization);
UPDATE organizations
   SET name_key = btrim(regexp_replace(translate(lower(name), 'àâäçéèêëîïôöùûüÿ', 'aaaceeeeiioouuuy'), '[^a-z0-9]+', ' ', 'g'));
CREATE INDEX organizations_by_siren ON organizations (siren, organization);
CREATE INDEX organizations_by_key ON organizations (name_key, organization);
CREATE INDEX organizations_by_kind ON organizations (kind, organization);
CREATE INDEX organizations_by_department ON organizations (department, organization);
CREATE INDEX organizations_by_merged ON organizations (merged_into);
CREATE INDEX organizations_by_word ON organizations USING gin (to_tsvector('simple', name_key));
CREATE INDEX members_by_organization ON members (organization, coordination);

CREATE TABLE organization_changes (
    organization text NOT NULL REFERENCES organizations,
    change integer NOT NULL CHECK (change > 0),
    subject text NOT NULL,
    reason text,
    name text NOT NULL,
    kind text NOT NULL,
    siret text,
    rna text,
    commune text,
    merged_into text,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization, change)
);
COMMENT ON TABLE organization_changes IS 'What an organisation was before each change, who changed it and when; rows are only ever added.';

CREATE TABLE organization_contacts (
    coordination text NOT NULL REFERENCES coordinations,
    organization text NOT NULL REFERENCES organizations,
    rank integer NOT NULL CHECK (rank IN (1, 2)),
    person_id uuid NOT NULL REFERENCES persons (person_id),
    PRIMARY KEY (coordination, organization, rank),
    UNIQUE (coordination, organization, person_id)
);
CREATE INDEX organization_contacts_by_person ON organization_contacts (person_id);
COMMENT ON TABLE organization_contacts IS 'The one or two persons through whom an organisation is reached in a coordination.';
