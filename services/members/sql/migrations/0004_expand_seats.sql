ALTER TABLE members ADD COLUMN units integer NOT NULL DEFAULT 1 CHECK (units BETWEEN 1 AND 1000);
ALTER TABLE members ALTER COLUMN confirmed_at DROP NOT NULL;
ALTER TABLE members ADD CONSTRAINT members_confirmed_check CHECK (state <> 'CONFIRMED' OR confirmed_at IS NOT NULL);
CREATE INDEX members_candidates ON members (coordination, member_id) WHERE state = 'CANDIDATE';

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

ALTER TABLE seats ADD COLUMN continues uuid REFERENCES seats (seat_id);
ALTER TABLE seats ADD COLUMN end_reason text;
ALTER TABLE seats ADD COLUMN ended_at timestamptz;
ALTER TABLE seats DROP CONSTRAINT seats_check;
ALTER TABLE seats ADD CONSTRAINT seats_mandate_check CHECK (valid_until IS NULL OR valid_until >= valid_from - 1);
CREATE UNIQUE INDEX seats_open_holder ON seats (coordination, member_id, coalesce(committee, '')) WHERE rank = 'HOLDER' AND valid_until IS NULL;
COMMENT ON COLUMN seats.valid_until IS 'Last day of the mandate; the day before its first when it never took effect.';

ALTER TABLE committees ADD COLUMN completed_on date;
ALTER TABLE committees ADD COLUMN closed_on date;
ALTER TABLE committees ADD COLUMN close_reason text;
ALTER TABLE committees ADD CONSTRAINT committees_closed_check CHECK ((state = 'ACTIVE') = (closed_on IS NULL));

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
