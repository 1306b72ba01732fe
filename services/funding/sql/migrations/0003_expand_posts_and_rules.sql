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

ALTER TABLE transfers ADD COLUMN line text;

-- The sums that new limits read, from what is recorded: awards of each action, what was certified
-- done for it, and what each payee was promised in a year.
INSERT INTO tallies (coordination, fund, what, detail, amount_cents)
SELECT coordination, fund, 'action_awarded', split_part(detail, '/', 1), sum(amount_cents)::bigint
  FROM tallies
 WHERE what = 'awarded'
 GROUP BY coordination, fund, split_part(detail, '/', 1);

INSERT INTO tallies (coordination, fund, what, detail, amount_cents)
SELECT coordination, fund, 'action_liquidated', action, sum(amount_cents)::bigint
  FROM transfers
 WHERE kind = 'liquidate'
 GROUP BY coordination, fund, action;

INSERT INTO tallies (coordination, fund, what, detail, amount_cents)
SELECT holds.coordination, '', 'payee',
       holds.payee || '/' || extract(year FROM holds.effective_on)::integer,
       sum(CASE ends.phase WHEN 'void' THEN 0 WHEN 'post' THEN ends.amount_cents
           ELSE holds.amount_cents END)::bigint
  FROM transfers AS holds
  LEFT JOIN transfers AS ends ON ends.coordination = holds.coordination
   AND ends.pending_id = holds.id
   AND ends.phase IN ('post', 'void')
 WHERE holds.phase = 'hold'
 GROUP BY holds.coordination, holds.payee, extract(year FROM holds.effective_on);
