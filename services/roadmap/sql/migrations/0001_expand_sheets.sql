CREATE TABLE sheets (
    coordination text NOT NULL,
    action text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    title text NOT NULL,
    category text NOT NULL,
    leads text[] NOT NULL,
    territories text[] NOT NULL,
    publics text[] NOT NULL,
    budget_cents bigint NOT NULL CHECK (budget_cents >= 0),
    state text NOT NULL,
    PRIMARY KEY (coordination, action),
    UNIQUE (coordination, number)
);

CREATE TABLE steps (
    coordination text NOT NULL,
    action text NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    moved_on date NOT NULL,
    decision text,
    reason text,
    moved_by text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (coordination, action, n),
    FOREIGN KEY (coordination, action) REFERENCES sheets
);
