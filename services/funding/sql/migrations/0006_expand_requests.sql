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
