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

ALTER TABLE opinions
    DROP CONSTRAINT opinions_mode_check,
    ADD CONSTRAINT opinions_mode_check CHECK (mode IN ('consensus', 'vote'));
