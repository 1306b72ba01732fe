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
