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

INSERT INTO flows (coordination, fund, span, day, kind, phase, debit, credit, agreement, cents,
                   released_cents)
SELECT transfers.coordination, transfers.fund, spans.span,
       date_trunc(spans.span, transfers.effective_on::timestamp)::date, transfers.kind,
       transfers.phase, transfers.debit, transfers.credit, coalesce(transfers.agreement, ''),
       sum(transfers.amount_cents), sum(coalesce(holds.amount_cents, 0))
  FROM transfers
 CROSS JOIN (VALUES ('day'), ('month')) AS spans (span)
  LEFT JOIN transfers AS holds
    ON holds.coordination = transfers.coordination AND holds.id = transfers.pending_id
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

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
