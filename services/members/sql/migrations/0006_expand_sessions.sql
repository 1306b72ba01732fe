ALTER TABLE sessions
    ADD COLUMN urgent_reason text,
    ADD COLUMN cancel_reason text,
    ADD COLUMN asked_sha256 text CHECK (asked_sha256 ~ '^[0-9a-f]{64}$');
CREATE UNIQUE INDEX second_calls ON sessions (first_call) WHERE state <> 'CANCELLED';
CREATE INDEX sessions_by_start ON sessions (coordination, starts_at, session_id);

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
    ADD COLUMN outcome text NOT NULL DEFAULT 'ADOPTED' CHECK (outcome IN ('ADOPTED', 'REJECTED')),
    ADD COLUMN session_id uuid,
    ADD COLUMN committee text,
    ADD COLUMN object text CHECK (object IN ('DEFINITION', 'ROADMAP', 'PRIORITIES', 'FUNDING_RULE', 'PROPOSED_AWARD', 'ADMISSION', 'RULE_BOOK', 'OTHER')),
    ADD COLUMN object_reference text,
    ADD CONSTRAINT a_rejected_opinion_awards_nothing
        CHECK (outcome = 'ADOPTED' OR cardinality(award_cents) = 0);
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
