-- name: watched_funds
-- How far each fund is from its limits, and what it has not committed.
-- $1 coordination
SELECT funds.fund, funds.ceiling_cents, coalesce(engaged.amount_cents, 0) AS engaged_cents,
       coalesce(fund_tags.lapses_on, funds.valid_until) AS lapses_on,
       coalesce((SELECT sum(balances.credits_posted - balances.debits_posted
                            - balances.debits_pending)
                   FROM accounts
                   JOIN balances USING (account_id)
                  WHERE accounts.coordination = funds.coordination
                    AND accounts.fund = funds.fund
                    AND accounts.stage IN ('notified', 'available', 'earmarked', 'awarded')),
                0)::bigint AS uncommitted_cents,
       CASE funds.mode WHEN 'reimbursement' THEN funds.prefinancing_limit_cents
       END AS prefinancing_limit_cents,
       coalesce(received.amount_cents, 0) AS received_cents,
       coalesce(paid.amount_cents, 0) AS paid_cents
  FROM funds
  LEFT JOIN fund_tags USING (coordination, fund)
  LEFT JOIN tallies AS engaged ON engaged.coordination = funds.coordination
   AND engaged.fund = funds.fund
   AND engaged.what = 'engaged'
   AND engaged.detail = ''
  LEFT JOIN tallies AS received ON received.coordination = funds.coordination
   AND received.fund = funds.fund
   AND received.what = 'receive'
   AND received.detail = ''
  LEFT JOIN tallies AS paid ON paid.coordination = funds.coordination
   AND paid.fund = funds.fund
   AND paid.what = 'pay'
   AND paid.detail = ''
 WHERE funds.coordination = $1
 ORDER BY funds.fund;

-- name: watched_lines
-- What is committed on each budget line.
-- $1 coordination
SELECT budget_lines.line, budget_lines.ceiling_cents,
       coalesce(tallies.amount_cents, 0) AS committed_cents
  FROM budget_lines
  LEFT JOIN tallies ON tallies.coordination = budget_lines.coordination
   AND tallies.fund = ''
   AND tallies.what = 'line'
   AND tallies.detail = budget_lines.line
 WHERE budget_lines.coordination = $1
 ORDER BY budget_lines.line;

-- name: watched_shares
-- What each fund awarded to each action, beside its budget.
-- $1 coordination
SELECT tallies.fund, actions.action, actions.budget_cents, tallies.amount_cents AS awarded_cents
  FROM tallies
  JOIN actions ON actions.coordination = tallies.coordination AND actions.action = tallies.detail
 WHERE tallies.coordination = $1
   AND tallies.what = 'action_awarded'
 ORDER BY tallies.fund, actions.action;

-- name: watched_agreements
-- Each agreement with its schedule; without one, its lists are empty.
-- $1 coordination
SELECT agreements.agreement, agreements.fund, agreements.signed_on, agreement_schedules.ends_on,
       agreement_schedules.report_due_on,
       coalesce(agreement_schedules.tranches, '{}') AS tranches,
       coalesce(agreement_schedules.tranche_kinds, '{}') AS tranche_kinds,
       coalesce(agreement_schedules.tranche_cents, '{}') AS tranche_cents,
       coalesce(agreement_schedules.tranche_due_on, '{}') AS tranche_due_on,
       coalesce(agreement_schedules.tranche_proofs, '{}') AS tranche_proofs
  FROM agreements
  LEFT JOIN agreement_schedules USING (coordination, agreement)
 WHERE agreements.coordination = $1
 ORDER BY agreements.agreement;

-- name: tranches_received
-- What was received of each tranche of a schedule.
-- $1 coordination
SELECT detail, amount_cents
  FROM tallies
 WHERE coordination = $1
   AND what = 'tranche';

-- name: given_proofs
-- The proofs registered for agreements.
-- $1 coordination
SELECT agreement, tranche, kind, issued_on
  FROM proofs
 WHERE coordination = $1
   AND agreement IS NOT NULL;

-- name: watched_coordinations
-- Every coordination that has funds or posts to watch.
SELECT coordination
  FROM funds
 UNION
SELECT coordination
  FROM programmes
 ORDER BY coordination;

-- name: open_alerts
-- What was raised and is not over.
-- $1 coordination
SELECT key, kind, about, due_on, amount_cents, raised_on
  FROM alerts
 WHERE coordination = $1
   AND cleared_on IS NULL
 ORDER BY key;

-- name: raise_alert
-- Raise an alert, unless it is raised already.
-- $1 id, $2 coordination, $3 key, $4 kind, $5 about, $6 due day, $7 cents, $8 day
INSERT INTO alerts (alert, coordination, key, kind, about, due_on, amount_cents, raised_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING
RETURNING key;

-- name: clear_alert
-- Clear an alert, unless it is cleared already.
-- $1 coordination, $2 key, $3 day
UPDATE alerts
   SET cleared_on = greatest(raised_on, $3)
 WHERE coordination = $1
   AND key = $2
   AND cleared_on IS NULL
RETURNING key;
