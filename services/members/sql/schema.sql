CREATE TABLE coordinations (
    coordination text PRIMARY KEY,
    name text NOT NULL,
    level text NOT NULL CHECK (level IN ('COMMUNE', 'EPCI', 'DEPARTMENT', 'SEVERAL')),
    siren text CHECK (siren ~ '^[0-9]{9}$'),
    communes text[] NOT NULL CHECK (cardinality(communes) BETWEEN 1 AND 2000),
    founded_at timestamptz NOT NULL
);
COMMENT ON TABLE coordinations IS 'The tenants: each has a slug that every row, subject and token of it carries.';

CREATE TABLE organizations (
    organization text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    siret_is_doubtful boolean NOT NULL,
    formerly text,
    CHECK (siret IS NOT NULL OR NOT siret_is_doubtful)
);
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
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, organization),
    CHECK (section IS NULL OR college = 'DIGITAL_MEDIATION')
);
CREATE INDEX members_by_college ON members (coordination, college, organization);
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
    mode text NOT NULL CHECK (mode IN ('consensus')),
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
    PRIMARY KEY (coordination, committee),
    FOREIGN KEY (coordination, became) REFERENCES committees,
    CHECK ((state = 'TRANSFORMED') = (became IS NOT NULL))
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
    PRIMARY KEY (coordination, seat_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    CHECK (valid_until IS NULL OR valid_from <= valid_until)
);
CREATE INDEX seats_by_member ON seats (coordination, member_id);
CREATE INDEX seats_by_committee ON seats (coordination, committee);
CREATE INDEX seats_by_person ON seats (coordination, person_id);
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
