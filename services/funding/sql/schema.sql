CREATE TABLE funders (
    coordination text NOT NULL,
    funder text NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    legal_nature text NOT NULL,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    PRIMARY KEY (coordination, funder)
);

CREATE TABLE funds (
    coordination text NOT NULL,
    fund text NOT NULL,
    name text NOT NULL,
    funder text NOT NULL,
    custody text NOT NULL,
    mode text NOT NULL,
    restriction text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    ceiling_cents bigint CHECK (ceiling_cents >= 0),
    prefinancing_limit_cents bigint CHECK (prefinancing_limit_cents >= 0),
    PRIMARY KEY (coordination, fund),
    FOREIGN KEY (coordination, funder) REFERENCES funders,
    CHECK (valid_from <= valid_until)
);
COMMENT ON COLUMN funds.ceiling_cents IS 'Most that may ever be committed; null means no ceiling.';

CREATE TABLE agreements (
    coordination text NOT NULL,
    agreement text NOT NULL,
    fund text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    signed_on date NOT NULL,
    action text,
    reference text,
    PRIMARY KEY (coordination, agreement),
    FOREIGN KEY (coordination, fund) REFERENCES funds
);
CREATE INDEX agreements_by_fund ON agreements (coordination, fund);

CREATE TABLE payees (
    coordination text NOT NULL,
    payee text NOT NULL,
    name text NOT NULL,
    siren text,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    rna text CHECK (rna ~ '^W[0-9]{9}$'),
    PRIMARY KEY (coordination, payee)
);

CREATE TABLE actions (
    coordination text NOT NULL,
    action text NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    budget_cents bigint NOT NULL CHECK (budget_cents >= 0),
    decision text NOT NULL,
    validated_on date NOT NULL,
    PRIMARY KEY (coordination, action)
);

CREATE TABLE opinions (
    coordination text NOT NULL,
    opinion uuid NOT NULL,
    title text NOT NULL,
    adopted_on date NOT NULL,
    PRIMARY KEY (coordination, opinion)
);

CREATE TABLE opinion_awards (
    coordination text NOT NULL,
    opinion uuid NOT NULL,
    action text NOT NULL,
    fund text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (coordination, opinion, action, fund),
    FOREIGN KEY (coordination, opinion) REFERENCES opinions
);

CREATE TABLE decisions (
    coordination text NOT NULL,
    decision uuid NOT NULL,
    funder text NOT NULL,
    body text NOT NULL,
    reference text NOT NULL,
    decided_on date NOT NULL,
    enforceable_since date NOT NULL,
    PRIMARY KEY (coordination, decision)
);

CREATE TABLE decision_awards (
    coordination text NOT NULL,
    decision uuid NOT NULL,
    action text NOT NULL,
    fund text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (coordination, decision, action, fund),
    FOREIGN KEY (coordination, decision) REFERENCES decisions
);

CREATE TABLE accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    coordination text NOT NULL,
    code text NOT NULL,
    fund text NOT NULL,
    stage text NOT NULL,
    action text,
    payee text,
    UNIQUE (coordination, code)
);
COMMENT ON TABLE accounts IS 'One stage of one fund, for one action and payee where the stage has them; opened by its first transfer.';

CREATE TABLE balances (
    account_id bigint PRIMARY KEY REFERENCES accounts,
    contra boolean NOT NULL,
    debits_pending bigint NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    debits_posted bigint NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    credits_posted bigint NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    CONSTRAINT no_stage_below_zero
        CHECK (contra OR credits_posted >= debits_posted + debits_pending)
) WITH (fillfactor = 50);
COMMENT ON COLUMN balances.contra IS 'Whether the account stands for the outside world, so that it alone goes below zero.';

CREATE TABLE blocks (
    coordination text NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 1),
    n integer NOT NULL CHECK (n >= 1),
    prev bytea NOT NULL CHECK (octet_length(prev) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    at timestamptz NOT NULL,
    PRIMARY KEY (coordination, seq),
    CONSTRAINT one_block_after_each UNIQUE (coordination, prev)
);
COMMENT ON TABLE blocks IS 'The hash chain of each ledger; its keys fence a second writer.';

CREATE TABLE transfers (
    coordination text NOT NULL,
    block bigint NOT NULL,
    n integer NOT NULL CHECK (n >= 0),
    id uuid NOT NULL,
    kind text NOT NULL,
    phase text NOT NULL CHECK (phase IN ('single', 'hold', 'post', 'void')),
    fund text NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    effective_on date NOT NULL,
    agreement text,
    purpose text,
    action text,
    payee text,
    opinion uuid,
    funder_decision uuid,
    tranche text,
    proof text,
    reason text,
    pending_id uuid,
    reverses uuid,
    goes_with uuid,
    line text,
    PRIMARY KEY (coordination, block, n),
    UNIQUE (coordination, id),
    CHECK (debit <> credit),
    CHECK ((phase IN ('post', 'void')) = (pending_id IS NOT NULL))
);
COMMENT ON TABLE transfers IS 'Every act, append-only; no foreign key to accounts, which would double its price.';
CREATE UNIQUE INDEX one_resolution ON transfers (coordination, pending_id)
 WHERE phase IN ('post', 'void');
CREATE INDEX transfers_by_reversed ON transfers (coordination, reverses)
 WHERE reverses IS NOT NULL;

CREATE TABLE tallies (
    coordination text NOT NULL,
    fund text NOT NULL,
    what text NOT NULL,
    detail text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    PRIMARY KEY (coordination, fund, what, detail)
) WITH (fillfactor = 50);
COMMENT ON TABLE tallies IS 'Sums over transfers that limits and figures need, so that no question grows with history.';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct by a reversing transfer', TG_TABLE_NAME
          USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON blocks
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE grants (
    coordination text NOT NULL,
    grant_key text NOT NULL,
    nth integer NOT NULL CHECK (nth >= 1),
    funder_name text NOT NULL,
    funder_siret text NOT NULL,
    beneficiary_name text NOT NULL,
    beneficiary_siret text,
    beneficiary_rna text,
    agreed_on date NOT NULL,
    reference text,
    object text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    nature text NOT NULL,
    terms text NOT NULL,
    period text,
    scheme text,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, grant_key, nth)
);
COMMENT ON TABLE grants IS 'What funders published that they gave; never money of the ledger.';

CREATE TABLE adviser_estimates (
    coordination text NOT NULL,
    estimate_key text NOT NULL,
    nth integer NOT NULL CHECK (nth >= 1),
    edition text NOT NULL,
    host_name text NOT NULL,
    host_siret text,
    host_kind text NOT NULL,
    commune text,
    department text,
    validated_on date NOT NULL,
    posts integer NOT NULL CHECK (posts > 0),
    estimated_cents bigint NOT NULL CHECK (estimated_cents > 0),
    grant_cents bigint NOT NULL CHECK (grant_cents >= 0),
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, estimate_key, nth),
    CHECK (grant_cents <= estimated_cents)
);
COMMENT ON TABLE adviser_estimates IS 'What the State estimates it invests in posts; never booked as a host''s money.';

CREATE INDEX transfers_by_action ON transfers (coordination, action, block, n)
 WHERE action IS NOT NULL;
CREATE TYPE textrange AS RANGE (subtype = text);

CREATE TABLE periods (
    coordination text NOT NULL,
    period text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (coordination, period),
    CHECK (first_day <= last_day),
    CONSTRAINT periods_apart
        EXCLUDE USING gist (textrange(coordination, coordination, '[]') WITH &&,
                            daterange(first_day, last_day, '[]') WITH &&)
);
COMMENT ON CONSTRAINT periods_apart ON periods IS 'A range of one text is how a core index compares texts.';

CREATE TABLE closings (
    coordination text NOT NULL,
    period text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    at timestamptz NOT NULL,
    PRIMARY KEY (coordination, period),
    UNIQUE (coordination, last_day),
    FOREIGN KEY (coordination, period) REFERENCES periods
);
COMMENT ON TABLE closings IS 'Closed periods: nothing is effective up to their last day any more; the head of the chain then.';

CREATE TABLE checkpoints (
    coordination text NOT NULL,
    period text NOT NULL,
    account_id bigint NOT NULL REFERENCES accounts,
    debits_pending bigint NOT NULL,
    debits_posted bigint NOT NULL,
    credits_pending bigint NOT NULL,
    credits_posted bigint NOT NULL,
    PRIMARY KEY (coordination, period, account_id),
    FOREIGN KEY (coordination, period) REFERENCES closings
);
COMMENT ON TABLE checkpoints IS 'Each account at the end of a closed period, by the days the acts are effective.';

CREATE TABLE flows (
    coordination text NOT NULL,
    fund text NOT NULL,
    span text NOT NULL CHECK (span IN ('day', 'month')),
    day date NOT NULL,
    kind text NOT NULL,
    phase text NOT NULL CHECK (phase IN ('single', 'hold', 'post', 'void')),
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    agreement text NOT NULL,
    cents bigint NOT NULL CHECK (cents > 0),
    released_cents bigint NOT NULL CHECK (released_cents >= 0),
    PRIMARY KEY (coordination, fund, span, day, kind, phase, debit, credit, agreement),
    CHECK (span = 'day' OR extract(day FROM day) = 1)
) WITH (fillfactor = 50);
COMMENT ON TABLE flows IS 'Transfers folded by the day and the month they are effective in, so that no question grows with history.';
COMMENT ON COLUMN flows.released_cents IS 'What the holds resolved here held.';

CREATE INDEX blocks_by_instant ON blocks (coordination, at, seq);

CREATE FUNCTION refuse_closed_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late record;
BEGIN
    -- Held until the commit: a closing waits for what is under way, and is seen by what follows.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger ' || asked.coordination, 0))
       FROM (SELECT DISTINCT added.coordination FROM added) AS asked;
    SELECT asked.coordination, asked.day, closings.period
      INTO late
      FROM (SELECT added.coordination, min(added.effective_on) AS day
              FROM added
             GROUP BY added.coordination) AS asked
      JOIN closings
        ON closings.coordination = asked.coordination AND closings.last_day >= asked.day
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'period % of % is closed: nothing is effective on % any more',
              late.period, late.coordination, late.day
              USING ERRCODE = 'check_violation', CONSTRAINT = 'no_act_in_a_closed_period',
                    TABLE = 'transfers';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER closed_days AFTER INSERT ON transfers
   REFERENCING NEW TABLE AS added
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON periods
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON closings
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE programmes (
    coordination text NOT NULL,
    programme text NOT NULL,
    name text NOT NULL,
    funder text NOT NULL,
    vacancy_months_max integer CHECK (vacancy_months_max >= 0),
    posts_max integer CHECK (posts_max >= 1),
    envelope_cents bigint CHECK (envelope_cents > 0),
    PRIMARY KEY (coordination, programme),
    FOREIGN KEY (coordination, funder) REFERENCES funders
);

CREATE TABLE programme_rates (
    coordination text NOT NULL,
    programme text NOT NULL,
    sector text NOT NULL,
    months integer NOT NULL CHECK (months >= 1),
    instalments_cents bigint[] NOT NULL,
    bonuses_cents bigint[] NOT NULL,
    PRIMARY KEY (coordination, programme, sector),
    FOREIGN KEY (coordination, programme) REFERENCES programmes
);
COMMENT ON TABLE programme_rates IS 'What one post of a programme brings, by sector of its employer: an instalment per equal part of its months.';

CREATE TABLE allocations (
    coordination text NOT NULL,
    allocation text NOT NULL,
    programme text NOT NULL,
    posts integer NOT NULL CHECK (posts >= 1),
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    estimated_cents bigint CHECK (estimated_cents >= 0),
    reference text,
    PRIMARY KEY (coordination, allocation),
    FOREIGN KEY (coordination, programme) REFERENCES programmes
);
COMMENT ON COLUMN allocations.estimated_cents IS 'What the State says it invests, its own costs included; never money of the holder.';

CREATE TABLE allocation_holders (
    coordination text NOT NULL,
    allocation text NOT NULL,
    holder text NOT NULL,
    weight integer NOT NULL CHECK (weight >= 1),
    PRIMARY KEY (coordination, allocation, holder),
    FOREIGN KEY (coordination, allocation) REFERENCES allocations,
    FOREIGN KEY (coordination, holder) REFERENCES payees
);

CREATE TABLE posts (
    coordination text NOT NULL,
    post text NOT NULL,
    programme text NOT NULL,
    role text NOT NULL,
    funder text NOT NULL,
    employer text NOT NULL,
    host text NOT NULL,
    deployer text NOT NULL,
    employer_kind text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    allocation text,
    fund text,
    yearly_cost_cents bigint CHECK (yearly_cost_cents >= 0),
    reference text,
    PRIMARY KEY (coordination, post),
    FOREIGN KEY (coordination, programme) REFERENCES programmes,
    FOREIGN KEY (coordination, allocation) REFERENCES allocations,
    FOREIGN KEY (coordination, funder) REFERENCES funders,
    FOREIGN KEY (coordination, fund) REFERENCES funds,
    FOREIGN KEY (coordination, employer) REFERENCES payees,
    FOREIGN KEY (coordination, host) REFERENCES payees,
    FOREIGN KEY (coordination, deployer) REFERENCES payees,
    CHECK (starts_on <= ends_on)
);
COMMENT ON TABLE posts IS 'Adviser posts as they were opened; what happened to them since is in post_events.';
CREATE INDEX posts_by_allocation ON posts (coordination, allocation);

CREATE TABLE post_events (
    coordination text NOT NULL,
    post text NOT NULL,
    n integer NOT NULL CHECK (n >= 1),
    event text NOT NULL,
    kind text NOT NULL,
    effective_on date NOT NULL,
    amount_cents bigint CHECK (amount_cents > 0),
    rank integer CHECK (rank >= 1),
    contract text,
    employer text,
    host text,
    deployer text,
    employer_kind text,
    reason text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, post, n),
    UNIQUE (coordination, post, event),
    FOREIGN KEY (coordination, post) REFERENCES posts
);
CREATE UNIQUE INDEX one_bonus_per_post ON post_events (coordination, post) WHERE kind = 'bonus';
CREATE UNIQUE INDEX one_payment_per_rank ON post_events (coordination, post, rank)
 WHERE kind = 'payment';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON post_events
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agreement_schedules (
    coordination text NOT NULL,
    agreement text NOT NULL,
    ends_on date,
    report_due_on date,
    guaranteed boolean NOT NULL,
    tranches text[] NOT NULL,
    tranche_kinds text[] NOT NULL,
    tranche_cents bigint[] NOT NULL,
    tranche_due_on date[] NOT NULL,
    tranche_proofs text[] NOT NULL,
    PRIMARY KEY (coordination, agreement),
    FOREIGN KEY (coordination, agreement) REFERENCES agreements
);
COMMENT ON TABLE agreement_schedules IS 'When an agreement pays, and on what proof; the arrays have one place per tranche.';

CREATE TABLE fund_tags (
    coordination text NOT NULL,
    fund text NOT NULL,
    programme text,
    instrument text,
    procedure text,
    frameworks text[] NOT NULL,
    lapses_on date,
    PRIMARY KEY (coordination, fund),
    FOREIGN KEY (coordination, fund) REFERENCES funds
);

CREATE TABLE action_tags (
    coordination text NOT NULL,
    action text NOT NULL,
    nature text NOT NULL,
    owner text,
    lead_competence boolean NOT NULL,
    delivery text,
    frameworks text[] NOT NULL,
    PRIMARY KEY (coordination, action)
);
COMMENT ON TABLE action_tags IS 'What rules need to know of an action; it may be written before the action is validated.';

CREATE TABLE payee_tags (
    coordination text NOT NULL,
    payee text NOT NULL,
    sector text NOT NULL,
    PRIMARY KEY (coordination, payee),
    FOREIGN KEY (coordination, payee) REFERENCES payees
);

CREATE TABLE payee_conventions (
    coordination text NOT NULL,
    convention text NOT NULL,
    payee text NOT NULL,
    signed_on date NOT NULL,
    ends_on date NOT NULL,
    reference text,
    PRIMARY KEY (coordination, convention),
    FOREIGN KEY (coordination, payee) REFERENCES payees,
    CHECK (signed_on <= ends_on)
);
CREATE INDEX payee_conventions_by_payee ON payee_conventions (coordination, payee);

CREATE TABLE budget_lines (
    coordination text NOT NULL,
    line text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    body_kind text NOT NULL,
    nature text NOT NULL,
    chapter text,
    ceiling_cents bigint NOT NULL CHECK (ceiling_cents >= 0),
    years integer[] NOT NULL,
    payable_cents bigint[] NOT NULL,
    PRIMARY KEY (coordination, line)
);

CREATE TABLE rules (
    coordination text NOT NULL,
    rule text NOT NULL,
    scope text NOT NULL,
    scope_id text,
    kind text NOT NULL,
    source text NOT NULL,
    share text,
    higher_share text,
    months integer,
    amount_cents bigint,
    line_kind text,
    natures text[] NOT NULL,
    PRIMARY KEY (coordination, rule)
);
COMMENT ON TABLE rules IS 'Limits of conventions, programmes and kinds of body, as data; none counts before it is enforced.';

CREATE TABLE rule_enforcements (
    coordination text NOT NULL,
    rule text NOT NULL,
    n integer NOT NULL CHECK (n >= 1),
    enforced_from date NOT NULL,
    enforced_until date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, rule, n),
    FOREIGN KEY (coordination, rule) REFERENCES rules
);
COMMENT ON TABLE rule_enforcements IS 'When a coordination turns a rule on, and off: the last one counts.';

CREATE TABLE proofs (
    coordination text NOT NULL,
    proof text NOT NULL,
    kind text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    issued_on date NOT NULL,
    paid_on date,
    agreement text,
    tranche text,
    PRIMARY KEY (coordination, proof)
);
CREATE INDEX proofs_by_agreement ON proofs (coordination, agreement);

CREATE TABLE claims (
    coordination text NOT NULL,
    claim text NOT NULL,
    fund text NOT NULL,
    claimed_on date NOT NULL,
    advanced_by text,
    reference text,
    proofs text[] NOT NULL,
    eligible_cents bigint[] NOT NULL,
    ineligible_cents bigint[] NOT NULL,
    PRIMARY KEY (coordination, claim),
    FOREIGN KEY (coordination, fund) REFERENCES funds
);
CREATE INDEX claims_by_proof ON claims USING gin (proofs);
COMMENT ON TABLE claims IS 'Expenses paid and proven that a fund is asked to pay back, each split in what it accepts and what it does not.';

CREATE TABLE in_kind_contributions (
    coordination text NOT NULL,
    contribution text NOT NULL,
    funder text NOT NULL,
    action text,
    kind text NOT NULL,
    what text NOT NULL,
    value_cents bigint NOT NULL CHECK (value_cents >= 0),
    method text NOT NULL,
    received_on date NOT NULL,
    PRIMARY KEY (coordination, contribution),
    FOREIGN KEY (coordination, funder) REFERENCES funders
);

CREATE TABLE solicitations (
    coordination text NOT NULL,
    solicitation text NOT NULL,
    organisation text NOT NULL,
    sector text NOT NULL,
    dematerialises text NOT NULL,
    asked_on date NOT NULL,
    asked_cents bigint CHECK (asked_cents >= 0),
    PRIMARY KEY (coordination, solicitation)
);

CREATE TABLE solicitation_answers (
    coordination text NOT NULL,
    solicitation text NOT NULL,
    answer text NOT NULL,
    status text NOT NULL,
    answered_on date NOT NULL,
    amount_cents bigint CHECK (amount_cents >= 0),
    fund text,
    PRIMARY KEY (coordination, solicitation, answer),
    FOREIGN KEY (coordination, solicitation) REFERENCES solicitations,
    FOREIGN KEY (coordination, fund) REFERENCES funds
);

CREATE TABLE alerts (
    alert uuid PRIMARY KEY,
    coordination text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    due_on date,
    amount_cents bigint,
    raised_on date NOT NULL,
    cleared_on date,
    CHECK (cleared_on IS NULL OR cleared_on >= raised_on)
);
CREATE UNIQUE INDEX one_open_alert ON alerts (coordination, key) WHERE cleared_on IS NULL;
CREATE INDEX alerts_of_a_coordination ON alerts (coordination, raised_on);

CREATE TABLE lineage (
    coordination text PRIMARY KEY,
    parent text CHECK (parent <> coordination)
);
COMMENT ON TABLE lineage IS 'Which coordination stands under which, as members told.';
CREATE INDEX lineage_by_parent ON lineage (parent, coordination);

CREATE TABLE counted_in (
    coordination text NOT NULL,
    fund text NOT NULL,
    in_coordination text NOT NULL CHECK (in_coordination <> coordination),
    in_fund text NOT NULL,
    PRIMARY KEY (coordination, fund),
    FOREIGN KEY (coordination, fund) REFERENCES funds
);
COMMENT ON TABLE counted_in IS 'Funds whose money a fund of a coordination above counts already: it feeds them, or is the same convention.';

CREATE TABLE grant_requests (
    coordination text NOT NULL,
    request text NOT NULL,
    action text NOT NULL,
    programme text NOT NULL,
    services_cents bigint NOT NULL CHECK (services_cents >= 0),
    staff_cents bigint NOT NULL CHECK (staff_cents >= 0),
    training boolean NOT NULL,
    fund text,
    state text NOT NULL CHECK (state IN ('SUBMITTED', 'ONGOING', 'ACCEPTED', 'REFUSED')),
    PRIMARY KEY (coordination, request),
    FOREIGN KEY (coordination, action) REFERENCES actions,
    FOREIGN KEY (coordination, fund) REFERENCES funds
);
COMMENT ON TABLE grant_requests IS 'What programmes are asked for; never money of the ledger.';
CREATE INDEX grant_requests_by_action ON grant_requests (coordination, action);

CREATE TABLE engineering_needs (
    coordination text NOT NULL,
    action text NOT NULL,
    needs text[] NOT NULL CHECK (cardinality(needs) BETWEEN 1 AND 11),
    PRIMARY KEY (coordination, action),
    FOREIGN KEY (coordination, action) REFERENCES actions
);
COMMENT ON TABLE engineering_needs IS 'Help in engineering and tools that an action needs, by the codes of the national form.';
