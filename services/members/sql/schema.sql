CREATE TABLE coordinations (
    coordination text PRIMARY KEY,
    name text NOT NULL,
    level text NOT NULL CHECK (level IN ('COMMUNE', 'EPCI', 'DEPARTMENT', 'SEVERAL')),
    siren text CHECK (siren ~ '^[0-9]{9}$'),
    communes text[] NOT NULL CHECK (cardinality(communes) BETWEEN 1 AND 2000),
    founded_at timestamptz NOT NULL,
    department text,
    epcis text[] NOT NULL DEFAULT '{}',
    parent text REFERENCES coordinations,
    experiment boolean NOT NULL DEFAULT false,
    starts_on date,
    ends_on date,
    strategy text,
    process text,
    CONSTRAINT coordinations_period_check CHECK (starts_on <= ends_on),
    CONSTRAINT coordinations_parent_check CHECK (parent <> coordination)
);
CREATE INDEX coordinations_by_parent ON coordinations (parent, coordination);
COMMENT ON TABLE coordinations IS 'The tenants: each has a slug that every row, subject and token of it carries.';

CREATE TABLE organizations (
    organization text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    siret_is_doubtful boolean NOT NULL,
    formerly text,
    rna text CHECK (rna ~ '^W[0-9]{9}$'),
    commune text,
    name_key text NOT NULL DEFAULT '',
    merged_into text REFERENCES organizations,
    siren text GENERATED ALWAYS AS (left(siret, 9)) STORED,
    department text GENERATED ALWAYS AS (left(commune, CASE WHEN commune ~ '^9[78]' THEN 3 ELSE 2 END)) STORED,
    CHECK (siret IS NOT NULL OR NOT siret_is_doubtful),
    CONSTRAINT organizations_merged_check CHECK (merged_into <> organization)
);
CREATE INDEX organizations_by_siren ON organizations (siren, organization);
CREATE INDEX organizations_by_key ON organizations (name_key, organization);
CREATE INDEX organizations_by_kind ON organizations (kind, organization);
CREATE INDEX organizations_by_department ON organizations (department, organization);
CREATE INDEX organizations_by_merged ON organizations (merged_into);
CREATE INDEX organizations_by_word ON organizations USING gin (to_tsvector('simple', name_key));
COMMENT ON TABLE organizations IS 'Organisations, the same for every coordination.';

CREATE TABLE members (
    coordination text NOT NULL REFERENCES coordinations,
    member_id uuid NOT NULL UNIQUE,
    organization text NOT NULL REFERENCES organizations,
    college text NOT NULL CHECK (college IN ('PRIVATE', 'DIGITAL_MEDIATION', 'INSTITUTIONAL')),
    section text CHECK (section IN ('CITIZEN')),
    roles text[] NOT NULL,
    effective_on date NOT NULL,
    state text NOT NULL CHECK (state IN ('CANDIDATE', 'CONFIRMED', 'WITHDRAWN', 'REFUSED')),
    confirmed_at timestamptz,
    units integer NOT NULL DEFAULT 1 CHECK (units BETWEEN 1 AND 1000),
    PRIMARY KEY (coordination, organization),
    CHECK (section IS NULL OR college = 'DIGITAL_MEDIATION'),
    CONSTRAINT members_confirmed_check CHECK (state <> 'CONFIRMED' OR confirmed_at IS NOT NULL)
);
CREATE INDEX members_by_college ON members (coordination, college, organization);
CREATE INDEX members_by_organization ON members (organization, coordination);
CREATE INDEX members_candidates ON members (coordination, member_id) WHERE state = 'CANDIDATE';
COMMENT ON TABLE members IS 'Seats: one per organisation and coordination, in one college.';

CREATE TABLE agreements (
    coordination text NOT NULL REFERENCES coordinations,
    agreement_id uuid NOT NULL UNIQUE,
    institution text NOT NULL,
    reference text NOT NULL,
    parties text[] NOT NULL,
    legal_basis text NOT NULL,
    health_data boolean NOT NULL,
    purposes text[] NOT NULL,
    publishes text[] NOT NULL,
    receives text[] NOT NULL,
    areas text[] NOT NULL,
    threshold integer NOT NULL CHECK (threshold BETWEEN 1 AND 1000),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    retention_months integer NOT NULL CHECK (retention_months BETWEEN 1 AND 60),
    file_sha256 text CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    state text NOT NULL CHECK (state IN ('DRAFT', 'SIGNED', 'SUSPENDED', 'ENDED')),
    signed_on date,
    end_reason text,
    drafted_at timestamptz NOT NULL,
    signed_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (coordination, agreement_id),
    CHECK (valid_from <= valid_until),
    CHECK (state = 'DRAFT' OR signed_at IS NOT NULL),
    CHECK ((state = 'ENDED') = (end_reason IS NOT NULL))
);
COMMENT ON TABLE agreements IS 'Sharing agreements: a signed one opens exactly what it says.';

CREATE TABLE licences (
    coordination text NOT NULL REFERENCES coordinations,
    licence text NOT NULL,
    producer text NOT NULL,
    label text NOT NULL,
    text text NOT NULL,
    vintage text,
    threshold integer NOT NULL CHECK (threshold BETWEEN 1 AND 1000),
    institutions text[] NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, licence)
);
COMMENT ON TABLE licences IS 'Open data that institutions may bring without an agreement.';

CREATE TABLE opinions (
    coordination text NOT NULL REFERENCES coordinations,
    opinion_id uuid NOT NULL UNIQUE,
    reference text,
    title text NOT NULL,
    adopted_on date NOT NULL,
    mode text NOT NULL CHECK (mode IN ('consensus', 'vote')),
    objections integer NOT NULL CHECK (objections >= 0),
    reservations integer NOT NULL CHECK (reservations >= 0),
    diagnostic_version integer CHECK (diagnostic_version > 0),
    minutes_sha256 text CHECK (minutes_sha256 ~ '^[0-9a-f]{64}$'),
    award_actions text[] NOT NULL,
    award_funds text[] NOT NULL,
    award_cents bigint[] NOT NULL CHECK (0 < ALL (award_cents)),
    recorded_at timestamptz NOT NULL,
    outcome text NOT NULL DEFAULT 'ADOPTED' CHECK (outcome IN ('ADOPTED', 'REJECTED')),
    session_id uuid,
    committee text,
    object text CHECK (object IN ('DEFINITION', 'ROADMAP', 'PRIORITIES', 'FUNDING_RULE', 'PROPOSED_AWARD', 'ADMISSION', 'RULE_BOOK', 'OTHER')),
    object_reference text,
    PRIMARY KEY (coordination, opinion_id),
    CONSTRAINT a_rejected_opinion_awards_nothing
        CHECK (outcome = 'ADOPTED' OR cardinality(award_cents) = 0),
    CHECK (cardinality(award_actions) = cardinality(award_cents)),
    CHECK (cardinality(award_funds) = cardinality(award_cents))
);
COMMENT ON TABLE opinions IS 'What the colleges adopted; the three award columns are one list, element by element.';

CREATE TABLE funder_decisions (
    coordination text NOT NULL REFERENCES coordinations,
    decision_id uuid NOT NULL UNIQUE,
    funder text NOT NULL,
    body text NOT NULL,
    reference text NOT NULL,
    decided_on date NOT NULL,
    enforceable_since date NOT NULL,
    award_actions text[] NOT NULL CHECK (cardinality(award_actions) > 0),
    award_funds text[] NOT NULL,
    award_cents bigint[] NOT NULL CHECK (0 < ALL (award_cents)),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, decision_id),
    CHECK (decided_on <= enforceable_since),
    CHECK (cardinality(award_actions) = cardinality(award_cents)),
    CHECK (cardinality(award_funds) = cardinality(award_cents))
);
COMMENT ON TABLE funder_decisions IS 'What each funder''s competent body committed of its own money.';

CREATE TABLE clients (
    client_id text PRIMARY KEY,
    coordination text NOT NULL,
    organization text,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    jwk text NOT NULL,
    jwk_next text,
    registered_at timestamptz NOT NULL
);
COMMENT ON TABLE clients IS 'Systems that may ask for tokens; public keys only. Coordination * is all of them.';

CREATE TABLE assertions (
    client_id text NOT NULL REFERENCES clients,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX assertions_by_end ON assertions (expires_at);
COMMENT ON TABLE assertions IS 'Assertions already used, kept until they could not be used again anyway.';

CREATE TABLE persons (
    coordination text NOT NULL REFERENCES coordinations,
    person_id uuid NOT NULL UNIQUE,
    organization text REFERENCES organizations,
    name text,
    email text,
    phone text,
    recorded_at timestamptz NOT NULL,
    erased_at timestamptz,
    PRIMARY KEY (coordination, person_id),
    CHECK ((erased_at IS NULL) = (name IS NOT NULL)),
    CHECK (erased_at IS NULL OR (email IS NULL AND phone IS NULL))
);
COMMENT ON TABLE persons IS 'Natural persons; their names and contacts never leave this service. An erased one keeps its id, so that what was decided stays readable.';

CREATE TABLE rights (
    coordination text NOT NULL REFERENCES coordinations,
    subject text NOT NULL,
    role text NOT NULL,
    organization text,
    origin text NOT NULL CHECK (origin IN ('founding', 'seat', 'invitation')),
    granted_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (coordination, subject, role)
);
COMMENT ON TABLE rights IS 'What a subject of tokens may do in a coordination beyond what its token says.';

CREATE TABLE committees (
    coordination text NOT NULL REFERENCES coordinations,
    committee text NOT NULL,
    name text NOT NULL,
    type text NOT NULL CHECK (type IN ('STRATEGIC', 'STEERING', 'TECHNICAL', 'CONSULTATIVE', 'PROJECT_GROUP')),
    meets_every_days integer CHECK (meets_every_days BETWEEN 1 AND 1100),
    presenter_is_elected boolean NOT NULL DEFAULT false,
    since date NOT NULL,
    state text NOT NULL CHECK (state IN ('ACTIVE', 'TRANSFORMED', 'CLOSED')),
    became text,
    completed_on date,
    closed_on date,
    close_reason text,
    PRIMARY KEY (coordination, committee),
    FOREIGN KEY (coordination, became) REFERENCES committees,
    CHECK ((state = 'TRANSFORMED') = (became IS NOT NULL)),
    CONSTRAINT committees_closed_check CHECK ((state = 'ACTIVE') = (closed_on IS NULL))
);
COMMENT ON TABLE committees IS 'Bodies of a coordination; a project group may be transformed into another, keeping its history.';

CREATE TABLE seats (
    coordination text NOT NULL,
    seat_id uuid NOT NULL UNIQUE,
    member_id uuid NOT NULL REFERENCES members (member_id),
    committee text,
    person_id uuid NOT NULL REFERENCES persons (person_id),
    rank text NOT NULL CHECK (rank IN ('HOLDER', 'SUBSTITUTE')),
    kind text NOT NULL CHECK (kind IN ('ELECTED', 'TECHNICAL', 'OPERATOR', 'CITIZEN')),
    reason text,
    valid_from date NOT NULL,
    valid_until date,
    continues uuid REFERENCES seats (seat_id),
    end_reason text,
    ended_at timestamptz,
    PRIMARY KEY (coordination, seat_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    CONSTRAINT seats_mandate_check CHECK (valid_until IS NULL OR valid_until >= valid_from - 1)
);
CREATE INDEX seats_by_member ON seats (coordination, member_id);
CREATE INDEX seats_by_committee ON seats (coordination, committee);
CREATE INDEX seats_by_person ON seats (coordination, person_id);
CREATE UNIQUE INDEX seats_open_holder ON seats (coordination, member_id, coalesce(committee, '')) WHERE rank = 'HOLDER' AND valid_until IS NULL;
COMMENT ON COLUMN seats.valid_until IS 'Last day of the mandate; the day before its first when it never took effect.';
COMMENT ON TABLE seats IS 'Persons who sit for a member, in a committee or, with none, in its college; a mandate has its days, both included.';

CREATE TABLE sessions (
    coordination text NOT NULL REFERENCES coordinations,
    session_id uuid NOT NULL UNIQUE,
    committee text,
    title text NOT NULL,
    starts_at timestamptz NOT NULL,
    place text,
    notice_days integer NOT NULL CHECK (notice_days BETWEEN 0 AND 90),
    call integer NOT NULL CHECK (call IN (1, 2)),
    first_call uuid REFERENCES sessions (session_id),
    state text NOT NULL CHECK (state IN ('CONVENED', 'OPEN', 'HELD', 'INQUORATE', 'CANCELLED')),
    convened_at timestamptz NOT NULL,
    opened_at timestamptz,
    closed_at timestamptz,
    minutes_sha256 text CHECK (minutes_sha256 ~ '^[0-9a-f]{64}$'),
    urgent_reason text,
    cancel_reason text,
    asked_sha256 text CHECK (asked_sha256 ~ '^[0-9a-f]{64}$'),
    PRIMARY KEY (coordination, session_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    CHECK ((call = 2) = (first_call IS NOT NULL))
);
CREATE INDEX sessions_by_committee ON sessions (coordination, committee, starts_at);
CREATE UNIQUE INDEX second_calls ON sessions (first_call) WHERE state <> 'CANCELLED';
CREATE INDEX sessions_by_start ON sessions (coordination, starts_at, session_id);
COMMENT ON TABLE sessions IS 'Meetings of a committee or, with none, of the colleges; a second call follows a first one without quorum.';

CREATE TABLE proxies (
    coordination text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    giver uuid NOT NULL REFERENCES members (member_id),
    holder uuid NOT NULL REFERENCES members (member_id),
    given_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (coordination, session_id, giver),
    CHECK (giver <> holder)
);
CREATE INDEX proxies_by_holder ON proxies (coordination, session_id, holder);
COMMENT ON TABLE proxies IS 'A member that votes for another of its college, for one session.';

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
CREATE TABLE member_acts (
    coordination text NOT NULL REFERENCES coordinations,
    number bigint GENERATED ALWAYS AS IDENTITY,
    act_id uuid NOT NULL UNIQUE,
    member_id uuid NOT NULL REFERENCES members (member_id),
    act text NOT NULL CHECK (act IN ('APPLIED', 'CONFIRMED', 'REFUSED', 'WITHDRAWN', 'ROLES_CHANGED', 'UNITS_CHANGED')),
    effective_on date NOT NULL,
    reason text,
    college text NOT NULL,
    roles text[] NOT NULL,
    units integer NOT NULL,
    subject text,
    acted_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, number)
);
CREATE INDEX member_acts_by_member ON member_acts (member_id, number);
COMMENT ON TABLE member_acts IS 'What became of each membership, in order: what was done, by which subject of a token, why, and as it stood after.';

CREATE TABLE renewals (
    coordination text NOT NULL REFERENCES coordinations,
    renewal_id uuid NOT NULL UNIQUE,
    effective_on date NOT NULL,
    content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
    ended integer NOT NULL CHECK (ended >= 0),
    taken integer NOT NULL CHECK (taken >= 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, renewal_id)
);
COMMENT ON TABLE renewals IS 'Seats renewed in one act, after an election; the hash of what was asked makes a retry free.';

CREATE TABLE responsibilities (
    coordination text NOT NULL REFERENCES coordinations,
    responsibility text NOT NULL,
    member_id uuid NOT NULL REFERENCES members (member_id),
    duty text NOT NULL,
    part text NOT NULL CHECK (part IN ('RESPONSIBLE', 'ACCOUNTABLE', 'CONSULTED', 'INFORMED')),
    communes text[] NOT NULL,
    up_to text NOT NULL,
    PRIMARY KEY (coordination, responsibility)
);
COMMENT ON TABLE responsibilities IS 'Who does what, where and up to where; no commune is the whole territory.';

CREATE TABLE leads (
    coordination text NOT NULL REFERENCES coordinations,
    lead_id uuid NOT NULL UNIQUE,
    member_id uuid NOT NULL REFERENCES members (member_id),
    communes text[] NOT NULL CHECK (cardinality(communes) BETWEEN 1 AND 2000),
    since date NOT NULL,
    until date,
    reason text NOT NULL,
    PRIMARY KEY (coordination, lead_id),
    CHECK (until IS NULL OR since <= until)
);
COMMENT ON TABLE leads IS 'Members designated to lead in some communes; one leads in a commune on a day.';

CREATE TABLE endorsements (
    coordination text NOT NULL REFERENCES coordinations,
    endorsement_id uuid NOT NULL UNIQUE,
    endorser text NOT NULL,
    level text NOT NULL CHECK (level IN ('STATE', 'REGION', 'DEPARTMENT', 'EPCI', 'COMMUNE', 'INHABITANTS')),
    subject text NOT NULL,
    given_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, endorsement_id)
);
COMMENT ON TABLE endorsements IS 'Who supported what, at which level and when.';

CREATE TABLE relays (
    coordination text NOT NULL REFERENCES coordinations,
    relay_id uuid NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('TECHNICAL_AGENT', 'ELECTED_AMBASSADOR', 'COORDINATOR', 'INHABITANT', 'OPERATOR')),
    label text NOT NULL,
    organization text REFERENCES organizations,
    person_id uuid REFERENCES persons (person_id),
    communes text[] NOT NULL CHECK (cardinality(communes) BETWEEN 1 AND 2000),
    since date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, relay_id)
);
COMMENT ON TABLE relays IS 'Who carries the subject in which communes; a person is named by its id alone.';

CREATE TABLE contacts (
    coordination text NOT NULL REFERENCES coordinations,
    contact_id uuid NOT NULL UNIQUE,
    channel text NOT NULL CHECK (channel IN ('VISIT', 'MEETING', 'CALL', 'LETTER', 'PRESS', 'EVENT')),
    commune text,
    happened_on date NOT NULL,
    subject text NOT NULL,
    outcome text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, contact_id),
    CHECK (commune IS NOT NULL OR channel <> 'VISIT')
);
CREATE INDEX contacts_by_commune ON contacts (coordination, commune, contact_id);
COMMENT ON TABLE contacts IS 'What was said to whom and where: visits to communes, meetings, press.';

CREATE TABLE territorial_roles (
    coordination text NOT NULL REFERENCES coordinations,
    since date NOT NULL,
    role text NOT NULL CHECK (role IN ('INITIATE', 'SUPPORT', 'ANIMATE', 'ACCOMPANY')),
    maturity integer NOT NULL CHECK (maturity BETWEEN 1 AND 5),
    reason text NOT NULL,
    PRIMARY KEY (coordination, since)
);
COMMENT ON TABLE territorial_roles IS 'How the carrying body intervenes from a day on, and how mature the actors are then.';
CREATE INDEX rights_by_subject ON rights (subject, coordination);

ALTER TABLE assertions DROP CONSTRAINT assertions_client_id_fkey;
COMMENT ON TABLE assertions IS 'Assertions already used, by systems and by persons, kept until they could not be used again anyway.';

CREATE TABLE subjects (
    coordination text NOT NULL REFERENCES coordinations,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES persons (person_id),
    jwk text,
    bound_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, subject)
);
CREATE INDEX subjects_by_subject ON subjects (subject, coordination);
CREATE INDEX subjects_by_person ON subjects (person_id);
CREATE UNIQUE INDEX subjects_with_a_key ON subjects (subject) WHERE jwk IS NOT NULL;
COMMENT ON TABLE subjects IS 'Who a person is to those who check tokens: under a key of its own, or as an identity provider names it.';

CREATE TABLE person_changes (
    coordination text NOT NULL,
    person_id uuid NOT NULL REFERENCES persons (person_id),
    number bigint GENERATED ALWAYS AS IDENTITY,
    field text NOT NULL CHECK (field IN ('organization', 'name', 'email', 'phone', 'all')),
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, person_id, number)
);
CREATE INDEX person_changes_by_author ON person_changes (changed_by);
COMMENT ON TABLE person_changes IS 'Which field of a person was changed, by which subject and when; never what it held.';

CREATE TABLE invitations (
    coordination text NOT NULL REFERENCES coordinations,
    invitation_id uuid NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES persons (person_id),
    roles text[] NOT NULL,
    organization text,
    expires_at timestamptz NOT NULL,
    code_sha256 text NOT NULL UNIQUE CHECK (code_sha256 ~ '^[0-9a-f]{64}$'),
    invited_by text NOT NULL,
    invited_at timestamptz NOT NULL,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    PRIMARY KEY (coordination, invitation_id),
    CHECK (invited_at < expires_at AND expires_at <= invited_at + interval '31 days'),
    CHECK (accepted_at IS NULL OR withdrawn_at IS NULL)
);
CREATE INDEX invitations_by_person ON invitations (person_id);
CREATE INDEX invitations_by_author ON invitations (invited_by);
COMMENT ON TABLE invitations IS 'Rights that wait for a person to prove who it is, once; of the code only its hash is kept.';

ALTER TABLE agreements
    ADD COLUMN party_roles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN legal_text text,
    ADD COLUMN persons_categories text[] NOT NULL DEFAULT '{}',
    ADD COLUMN data_categories text[] NOT NULL DEFAULT '{}',
    ADD COLUMN fields text[] NOT NULL DEFAULT '{}',
    ADD COLUMN tier text NOT NULL DEFAULT 'AGREEMENT' CHECK (tier IN ('PUBLIC', 'AGREEMENT')),
    ADD COLUMN recipients text[] NOT NULL DEFAULT '{}',
    ADD COLUMN dpia_reference text,
    ADD COLUMN register_reference text,
    ADD COLUMN dpo_parties text[] NOT NULL DEFAULT '{}',
    ADD COLUMN dpo_contacts text[] NOT NULL DEFAULT '{}',
    ADD COLUMN suspend_reason text,
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN summary text,
    ADD COLUMN summary_sha256 text,
    ADD CONSTRAINT agreements_roles_check CHECK (cardinality(party_roles) IN (0, cardinality(parties))),
    ADD CONSTRAINT agreements_dpo_check CHECK (cardinality(dpo_parties) = cardinality(dpo_contacts)),
    ADD CONSTRAINT agreements_suspended_check CHECK ((state = 'SUSPENDED') <= (suspend_reason IS NOT NULL)),
    ADD CONSTRAINT agreements_summary_check CHECK (summary_sha256 = encode(sha256(convert_to(summary, 'UTF8')), 'hex'));
CREATE INDEX agreements_by_end ON agreements (coordination, valid_until, agreement_id) WHERE state IN ('SIGNED', 'SUSPENDED');

CREATE TABLE agreement_signatures (
    coordination text NOT NULL,
    agreement_id uuid NOT NULL REFERENCES agreements (agreement_id),
    party text NOT NULL,
    signed_on date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, agreement_id, party)
);
COMMENT ON TABLE agreement_signatures IS 'Parties that signed a sharing agreement, one by one, before it is in force.';
CREATE TABLE rule_books (
    coordination text NOT NULL REFERENCES coordinations,
    version integer NOT NULL CHECK (version >= 1),
    rule_book_id uuid NOT NULL UNIQUE,
    adopted_on date NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, version)
);
COMMENT ON TABLE rule_books IS 'How a coordination votes: each version is a document in canonical JSON that never changes.';

CREATE TABLE resolutions (
    coordination text NOT NULL REFERENCES coordinations,
    resolution_id uuid NOT NULL UNIQUE,
    session_id uuid REFERENCES sessions (session_id),
    committee text,
    title text NOT NULL,
    text text NOT NULL,
    object text NOT NULL CHECK (object IN ('DEFINITION', 'ROADMAP', 'PRIORITIES', 'FUNDING_RULE', 'PROPOSED_AWARD', 'ADMISSION', 'RULE_BOOK', 'OTHER')),
    rule_book integer NOT NULL,
    diagnostic_version integer,
    award_actions text[] NOT NULL,
    award_funds text[] NOT NULL,
    award_cents bigint[] NOT NULL,
    interested text[] NOT NULL,
    chair uuid,
    call integer NOT NULL CHECK (call IN (1, 2)),
    second_call_of uuid UNIQUE REFERENCES resolutions (resolution_id),
    opened_at timestamptz NOT NULL,
    closes_at timestamptz,
    clock timestamptz NOT NULL,
    last_seq bigint NOT NULL CHECK (last_seq >= 0),
    step bigint NOT NULL CHECK (step >= 0),
    fact_digest text NOT NULL CHECK (fact_digest ~ '^[0-9a-f]{64}$'),
    entry_digest text NOT NULL CHECK (entry_digest ~ '^[0-9a-f]{64}$'),
    closed_at timestamptz,
    casting_vote text CHECK (casting_vote IN ('for', 'against')),
    result text,
    PRIMARY KEY (coordination, resolution_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    FOREIGN KEY (coordination, rule_book) REFERENCES rule_books,
    CHECK ((call = 2) = (second_call_of IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (result IS NULL)),
    CHECK (opened_at <= clock),
    CHECK (cardinality(award_actions) = cardinality(award_funds)),
    CHECK (cardinality(award_actions) = cardinality(award_cents))
);
CREATE INDEX resolutions_due ON resolutions (closes_at) WHERE closed_at IS NULL;
CREATE INDEX resolutions_by_session ON resolutions (session_id) WHERE session_id IS NOT NULL;
COMMENT ON TABLE resolutions IS 'What the colleges vote on; clock is the latest instant of the database seen by its vote, and never goes back.';

CREATE TABLE roll (
    resolution_id uuid NOT NULL REFERENCES resolutions (resolution_id),
    member_id uuid NOT NULL REFERENCES members (member_id),
    organization text NOT NULL,
    college text NOT NULL,
    units integer NOT NULL CHECK (units >= 1),
    recusal text CHECK (recusal IN ('INTERESTED', 'REPRESENTATIVE', 'DECLARED')),
    PRIMARY KEY (resolution_id, member_id)
);
COMMENT ON TABLE roll IS 'Who may vote on a resolution, frozen at its opening; a recused member leaves with its reason.';

CREATE TABLE ballots (
    resolution_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 1),
    ballot_id uuid NOT NULL,
    member_id uuid NOT NULL,
    holder_id uuid CHECK (holder_id <> member_id),
    choice text NOT NULL CHECK (choice IN ('for', 'against', 'abstain', 'blank')),
    cast_at timestamptz NOT NULL,
    PRIMARY KEY (resolution_id, seq),
    UNIQUE (ballot_id),
    FOREIGN KEY (resolution_id, member_id) REFERENCES roll,
    FOREIGN KEY (resolution_id, holder_id) REFERENCES roll
);
CREATE INDEX ballots_by_member ON ballots (resolution_id, member_id, seq);
CREATE INDEX ballots_by_holder ON ballots (resolution_id, holder_id) WHERE holder_id IS NOT NULL;
COMMENT ON TABLE ballots IS 'Every ballot received, in the order of its sequence number; the last of a member counts, its own before a proxy''s.';
CREATE TABLE agenda_items (
    coordination text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    item_id uuid NOT NULL,
    position integer NOT NULL CHECK (position BETWEEN 1 AND 50),
    title text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('INFORMATION', 'DEBATE', 'VOTE', 'RECORDED')),
    presenter_seat uuid REFERENCES seats (seat_id),
    presenter_member uuid REFERENCES members (member_id),
    documents text[] NOT NULL,
    PRIMARY KEY (coordination, session_id, item_id),
    UNIQUE (session_id, position),
    CHECK (presenter_seat IS NULL OR presenter_member IS NOT NULL)
);
COMMENT ON TABLE agenda_items IS 'What a session deals with, in order; a second call has the items of the first, under the same ids.';

CREATE TABLE session_rolls (
    coordination text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    member_id uuid NOT NULL REFERENCES members (member_id),
    college text NOT NULL,
    units integer NOT NULL CHECK (units > 0),
    PRIMARY KEY (coordination, session_id, member_id)
);
COMMENT ON TABLE session_rolls IS 'Who counts for the quorum of a session, as it was when the session opened.';

CREATE TABLE attendances (
    coordination text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    attendee uuid NOT NULL,
    present_from timestamptz NOT NULL,
    member_id uuid NOT NULL REFERENCES members (member_id),
    seat_id uuid REFERENCES seats (seat_id),
    rank text CHECK (rank IN ('HOLDER', 'SUBSTITUTE')),
    kind text,
    left_at timestamptz,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, session_id, attendee, present_from),
    CHECK (attendee = coalesce(seat_id, member_id)),
    CHECK ((seat_id IS NULL) = (rank IS NULL)),
    CHECK (left_at IS NULL OR present_from <= left_at)
);
CREATE INDEX attendances_by_member ON attendances (coordination, member_id);
COMMENT ON TABLE attendances IS 'When each seat, or a member without naming one, was in the room; one that comes back has a row more.';

CREATE TABLE minutes (
    coordination text NOT NULL,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    version integer NOT NULL CHECK (version BETWEEN 1 AND 100),
    text text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    corrects_sha256 text CHECK (corrects_sha256 ~ '^[0-9a-f]{64}$'),
    asked_sha256 text CHECK (asked_sha256 ~ '^[0-9a-f]{64}$'),
    reason text,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, session_id, version),
    CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    CHECK ((version = 1) = (corrects_sha256 IS NULL)),
    CHECK ((version = 1) = (reason IS NULL))
);
COMMENT ON TABLE minutes IS 'Minutes of sessions, byte for byte; a correction is one version more, which cites the one before.';

CREATE TABLE minutes_signatures (
    coordination text NOT NULL,
    session_id uuid NOT NULL,
    version integer NOT NULL,
    subject text NOT NULL,
    quality text NOT NULL CHECK (quality IN ('CHAIR', 'SECRETARY')),
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, session_id, version, subject),
    FOREIGN KEY (coordination, session_id, version) REFERENCES minutes
);
COMMENT ON TABLE minutes_signatures IS 'Who signed which version of the minutes, and when.';

ALTER TABLE opinions
    ADD CONSTRAINT opinions_session_fkey FOREIGN KEY (session_id) REFERENCES sessions (session_id),
    ADD CONSTRAINT opinions_committee_fkey
        FOREIGN KEY (coordination, committee) REFERENCES committees;
CREATE INDEX opinions_by_session ON opinions (coordination, session_id);

CREATE TABLE opinion_remarks (
    coordination text NOT NULL,
    opinion_id uuid NOT NULL,
    position integer NOT NULL CHECK (position BETWEEN 1 AND 100),
    kind text NOT NULL CHECK (kind IN ('OBJECTION', 'RESERVATION')),
    member_id uuid REFERENCES members (member_id),
    text text NOT NULL,
    PRIMARY KEY (coordination, opinion_id, position),
    FOREIGN KEY (coordination, opinion_id) REFERENCES opinions
);
COMMENT ON TABLE opinion_remarks IS 'Objections and reservations as they were worded, and the member that made each.';

CREATE INDEX funder_decisions_by_funder ON funder_decisions (coordination, funder, decision_id);

CREATE TABLE prioritisations (
    coordination text NOT NULL REFERENCES coordinations,
    prioritisation_id uuid NOT NULL UNIQUE,
    title text NOT NULL,
    committee text,
    actions text[] NOT NULL CHECK (cardinality(actions) BETWEEN 2 AND 100),
    colleges text[] NOT NULL,
    weights text[] NOT NULL,
    closes_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (coordination, prioritisation_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    CHECK (cardinality(colleges) = cardinality(weights))
);
COMMENT ON TABLE prioritisations IS 'Ballots that rank action sheets; the weights of the colleges are those of their opening.';

CREATE TABLE rankings (
    coordination text NOT NULL,
    prioritisation_id uuid NOT NULL REFERENCES prioritisations (prioritisation_id),
    member_id uuid NOT NULL REFERENCES members (member_id),
    college text NOT NULL,
    actions text[] NOT NULL CHECK (cardinality(actions) > 0),
    times integer NOT NULL CHECK (times > 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, prioritisation_id, member_id)
);
COMMENT ON TABLE rankings IS 'The last ranking of each member, best first; what it leaves out shares the places that are left.';

CREATE TABLE definitions (
    coordination text NOT NULL REFERENCES coordinations,
    definition_id uuid NOT NULL UNIQUE,
    version integer NOT NULL CHECK (version > 0),
    text text NOT NULL,
    text_sha256 text NOT NULL CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
    opinion_id uuid,
    adopted_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, version),
    FOREIGN KEY (coordination, opinion_id) REFERENCES opinions,
    CHECK ((opinion_id IS NULL) = (adopted_on IS NULL))
);
COMMENT ON TABLE definitions IS 'What digital inclusion means here, in versions; one is in force once an opinion adopted it.';

CREATE TABLE external_validations (
    coordination text NOT NULL REFERENCES coordinations,
    validation_id uuid NOT NULL UNIQUE,
    opinion_id uuid NOT NULL,
    body text NOT NULL,
    reference text NOT NULL,
    validated_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, validation_id),
    FOREIGN KEY (coordination, opinion_id) REFERENCES opinions
);
CREATE INDEX external_validations_by_opinion ON external_validations (coordination, opinion_id);
COMMENT ON TABLE external_validations IS 'What the colleges adopted and another body validated: a council, a board.';

CREATE TABLE lateness_told (
    coordination text NOT NULL,
    committee text NOT NULL,
    due_on date NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, committee, due_on),
    FOREIGN KEY (coordination, committee) REFERENCES committees
);
COMMENT ON TABLE lateness_told IS 'Each period a committee missed, told once.';

CREATE TABLE session_outputs (
    coordination text NOT NULL REFERENCES coordinations,
    output_id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    kind text NOT NULL CHECK (kind IN ('NEED', 'ACTION', 'STRATEGY', 'ORIENTATION')),
    text text NOT NULL,
    concerns text,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX session_outputs_by_session ON session_outputs (session_id, output_id);
CREATE INDEX session_outputs_by_coordination ON session_outputs (coordination, output_id);
COMMENT ON TABLE session_outputs IS 'What came out of sessions: needs heard, actions and strategy asked for, where to send inhabitants.';
