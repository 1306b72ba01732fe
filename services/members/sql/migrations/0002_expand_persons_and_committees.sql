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
    PRIMARY KEY (coordination, session_id),
    FOREIGN KEY (coordination, committee) REFERENCES committees,
    CHECK ((call = 2) = (first_call IS NOT NULL))
);
CREATE INDEX sessions_by_committee ON sessions (coordination, committee, starts_at);
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
