-- name: move_flows
-- Add a batch's transfers to the day and the month they are effective in.
-- $1 coordination, $2 funds, $3 spans, $4 days, $5 kinds, $6 phases, $7 debits, $8 credits, $9 agreements, $10 cents, $11 released cents
INSERT INTO flows (coordination, fund, span, day, kind, phase, debit, credit, agreement, cents,
                   released_cents)
SELECT $1, moved.fund, moved.span, moved.day, moved.kind, moved.phase, moved.debit, moved.credit,
       moved.agreement, moved.cents, moved.released_cents
  FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::bigint[],
              $8::bigint[], $9::text[], $10::bigint[], $11::bigint[])
       AS moved (fund, span, day, kind, phase, debit, credit, agreement, cents, released_cents)
    ON CONFLICT (coordination, fund, span, day, kind, phase, debit, credit, agreement) DO UPDATE
   SET cents = flows.cents + EXCLUDED.cents,
       released_cents = flows.released_cents + EXCLUDED.released_cents;

-- name: flows
-- What these funds did up to a day: whole months, then the days of the last one.
-- $1 coordination, $2 funds, $3 first day of the month of the day, $4 day
SELECT folded.fund, folded.kind, folded.phase, debited.code AS debit, credited.code AS credit,
       folded.agreement, folded.cents, folded.released_cents
  FROM (SELECT spans.fund, spans.kind, spans.phase, spans.debit, spans.credit, spans.agreement,
               sum(spans.cents)::bigint AS cents,
               sum(spans.released_cents)::bigint AS released_cents
          FROM (SELECT fund, kind, phase, debit, credit, agreement, cents, released_cents
                  FROM flows
                 WHERE coordination = $1
                   AND fund = ANY($2::text[])
                   AND span = 'month'
                   AND day < $3
                 UNION ALL
                SELECT fund, kind, phase, debit, credit, agreement, cents, released_cents
                  FROM flows
                 WHERE coordination = $1
                   AND fund = ANY($2::text[])
                   AND span = 'day'
                   AND day BETWEEN $3 AND $4) AS spans
         GROUP BY 1, 2, 3, 4, 5, 6) AS folded
  JOIN accounts AS debited ON debited.account_id = folded.debit
  JOIN accounts AS credited ON credited.account_id = folded.credit;

-- name: flows_recorded
-- What these funds did up to a day in some blocks alone, folded from their transfers; LIMIT keeps
-- one look-up per hold: joined, a small ledger beside a large one was read once per transfer.
-- $1 coordination, $2 funds, $3 after this block, $4 up to this block, $5 day
SELECT folded.fund, folded.kind, folded.phase, debited.code AS debit, credited.code AS credit,
       folded.agreement, folded.cents, folded.released_cents
  FROM (SELECT done.fund, done.kind, done.phase, done.debit, done.credit,
               coalesce(done.agreement, '') AS agreement,
               sum(done.amount_cents)::bigint AS cents,
               sum(coalesce(holds.amount_cents, 0))::bigint AS released_cents
          FROM transfers AS done
          LEFT JOIN LATERAL (SELECT cited.amount_cents
                               FROM transfers AS cited
                              WHERE cited.coordination = $1
                                AND cited.id = done.pending_id
                              LIMIT 1) AS holds ON true
         WHERE done.coordination = $1
           AND done.fund = ANY($2::text[])
           AND done.block > $3
           AND done.block <= $4
           AND done.effective_on <= $5
         GROUP BY 1, 2, 3, 4, 5, 6) AS folded
  JOIN accounts AS debited ON debited.account_id = folded.debit
  JOIN accounts AS credited ON credited.account_id = folded.credit;

-- name: last_block
-- The last block recorded at or before an instant; zero before the first.
-- $1 coordination, $2 instant
SELECT coalesce((SELECT seq
                   FROM blocks
                  WHERE coordination = $1
                    AND at <= $2
                  ORDER BY at DESC, seq DESC
                  LIMIT 1), 0) AS seq;

-- name: plan_of_agreements
-- Which agreements are for an action that was open by a day, and the budgets of the actions then.
-- $1 coordination, $2 day
SELECT agreements.agreement, agreements.fund
  FROM agreements
  JOIN actions USING (coordination, action)
 WHERE agreements.coordination = $1
   AND actions.validated_on <= $2;

-- name: budgets_as_of
-- The budgets of the actions validated up to a day.
-- $1 coordination, $2 day
SELECT coalesce(sum(budget_cents), 0)::bigint AS cents
  FROM actions
 WHERE coordination = $1
   AND validated_on <= $2;
