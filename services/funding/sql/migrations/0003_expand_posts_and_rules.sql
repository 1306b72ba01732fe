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
