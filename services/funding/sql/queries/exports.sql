-- name: signed_commitments
-- A page of signed commitments with who gives, who receives, and the decision behind them.
-- $1 coordination, $2 after this block, $3 and after this place in it, $4 most rows
SELECT posted.block, posted.n, posted.id, funders.name AS funder_name,
       funders.siret AS funder_siret, payees.payee, payees.name AS payee_name,
       payees.siret AS payee_siret, payees.rna AS payee_rna, held.action, actions.title,
       funds.name AS fund_name, funds.custody,
       (posted.amount_cents - coalesce(undone.cents, 0))::bigint AS cents,
       posted.effective_on AS agreed_on, funds.valid_until, decided.reference,
       decided.decided_on, done.services, coalesce(done.cents, 0)::bigint AS served_cents
  FROM transfers AS posted
  JOIN LATERAL (SELECT hold.coordination, hold.action, hold.payee
                  FROM transfers AS hold
                 WHERE hold.coordination = posted.coordination
                   AND hold.id = posted.pending_id
                 LIMIT 1) AS held ON true
  JOIN funds ON funds.coordination = posted.coordination AND funds.fund = posted.fund
  JOIN funders ON funders.coordination = funds.coordination AND funders.funder = funds.funder
  JOIN payees ON payees.coordination = held.coordination AND payees.payee = held.payee
  LEFT JOIN actions ON actions.coordination = held.coordination AND actions.action = held.action
  LEFT JOIN LATERAL (SELECT sum(reversing.amount_cents) AS cents
                       FROM transfers AS reversing
                      WHERE reversing.coordination = posted.coordination
                        AND reversing.reverses = posted.id) AS undone ON true
  LEFT JOIN LATERAL (SELECT decisions.reference, decisions.decided_on
                       FROM transfers AS awarded
                       JOIN decisions ON decisions.coordination = awarded.coordination
                        AND decisions.decision = awarded.funder_decision
                      WHERE awarded.coordination = posted.coordination
                        AND awarded.action = held.action
                        AND awarded.fund = posted.fund
                        AND awarded.kind = 'award'
                        AND (awarded.block, awarded.n) < (posted.block, posted.n)
                      ORDER BY awarded.block DESC, awarded.n DESC
                      LIMIT 1) AS decided ON true
  LEFT JOIN LATERAL (SELECT count(*)::bigint AS services, sum(flows.cents) AS cents
                       FROM flows
                      WHERE flows.coordination = posted.coordination
                        AND flows.fund = posted.fund
                        AND flows.span = 'day'
                        AND flows.kind = 'liquidate'
                        AND flows.debit = posted.credit) AS done ON true
 WHERE posted.coordination = $1
   AND posted.kind = 'post'
   AND (posted.block, posted.n) > ($2, $3)
 ORDER BY posted.block, posted.n
 LIMIT $4;

-- name: remainders
-- What was committed and not certified as done at the end of a day, per fund, action and payee.
-- $1 coordination, $2 first day of the month of the day, $3 day
SELECT accounts.fund, funds.name AS fund_name, funders.name AS funder_name, accounts.action,
       actions.title, accounts.payee, payees.name AS payee_name,
       sum(CASE flows.credit WHEN accounts.account_id THEN flows.cents ELSE -flows.cents
            END)::bigint AS cents
  FROM funds
  JOIN funders USING (coordination, funder)
  JOIN flows ON flows.coordination = funds.coordination
   AND flows.fund = funds.fund
   AND flows.phase IN ('single', 'post')
   AND (flows.span = 'month' AND flows.day < $2
        OR flows.span = 'day' AND flows.day BETWEEN $2 AND $3)
  JOIN accounts ON accounts.account_id IN (flows.debit, flows.credit)
   AND accounts.stage = 'committed'
  JOIN payees ON payees.coordination = accounts.coordination AND payees.payee = accounts.payee
  LEFT JOIN actions ON actions.coordination = accounts.coordination
   AND actions.action = accounts.action
 WHERE funds.coordination = $1
 GROUP BY accounts.account_id, accounts.fund, funds.name, funders.name, accounts.action,
          actions.title, accounts.payee, payees.name
HAVING sum(CASE flows.credit WHEN accounts.account_id THEN flows.cents ELSE -flows.cents END) <> 0
 ORDER BY accounts.fund, accounts.action, accounts.payee;

-- name: claimables
-- What each fund agreed, what its funder handed over, and what was certified as done with it.
-- $1 coordination
SELECT funds.fund, funds.name, funders.name AS funder_name, funds.custody, funds.mode,
       funds.valid_until,
       coalesce(sum(tallies.amount_cents) FILTER (WHERE tallies.what = 'agree'), 0)::bigint
           AS agreed_cents,
       coalesce(sum(tallies.amount_cents) FILTER (WHERE tallies.what = 'receive'
                                                     AND funds.custody = 'POOLED'
                                                      OR tallies.what = 'pay'
                                                     AND funds.custody <> 'POOLED'), 0)::bigint
           AS handed_cents,
       coalesce(sum(tallies.amount_cents) FILTER (WHERE tallies.what = 'liquidate'), 0)::bigint
           AS served_cents
  FROM funds
  JOIN funders USING (coordination, funder)
  LEFT JOIN tallies ON tallies.coordination = funds.coordination
   AND tallies.fund = funds.fund
   AND tallies.detail = ''
 WHERE funds.coordination = $1
 GROUP BY funds.fund, funds.name, funders.name, funds.custody, funds.mode, funds.valid_until
 ORDER BY funds.fund;

-- name: endings
-- When each fund ends, and how many agreements it has.
-- $1 coordination
SELECT funds.fund, funds.name, funders.name AS funder_name, funds.valid_until,
       count(agreements.agreement)::bigint AS agreements
  FROM funds
  JOIN funders USING (coordination, funder)
  LEFT JOIN agreements ON agreements.coordination = funds.coordination
   AND agreements.fund = funds.fund
 WHERE funds.coordination = $1
 GROUP BY funds.fund, funds.name, funders.name, funds.valid_until
 ORDER BY funds.fund;

-- name: agreement_endings
-- Agreements with an end or a report due on days of their own.
-- $1 coordination
SELECT agreements.agreement, coalesce(agreements.reference, agreements.agreement) AS name,
       funders.name AS funder_name, agreement_schedules.ends_on,
       agreement_schedules.report_due_on
  FROM agreement_schedules
  JOIN agreements USING (coordination, agreement)
  JOIN funds ON funds.coordination = agreements.coordination AND funds.fund = agreements.fund
  JOIN funders ON funders.coordination = funds.coordination AND funders.funder = funds.funder
 WHERE agreement_schedules.coordination = $1
 ORDER BY agreements.agreement;

-- name: post_endings
-- Adviser posts that were not returned, with the last day their programme pays for.
-- $1 coordination
SELECT posts.post, posts.programme, payees.name AS host_name, posts.ends_on
  FROM posts
  JOIN payees ON payees.coordination = posts.coordination AND payees.payee = posts.host
 WHERE posts.coordination = $1
   AND NOT EXISTS (SELECT
                     FROM post_events
                    WHERE post_events.coordination = posts.coordination
                      AND post_events.post = posts.post
                      AND post_events.kind = 'returned')
 ORDER BY posts.post;

-- name: convention
-- An agreement with its fund, its funder and its action.
-- $1 coordination, $2 agreement
SELECT agreements.agreement, agreements.reference, agreements.signed_on, agreements.amount_cents,
       agreements.fund, funds.name AS fund_name, funds.custody, funds.valid_from,
       funds.valid_until, funders.name AS funder_name, agreements.action, actions.title,
       coalesce(actions.budget_cents, 0)::bigint AS budget_cents,
       coalesce(tallies.amount_cents, 0)::bigint AS agreed_cents
  FROM agreements
  JOIN funds ON funds.coordination = agreements.coordination AND funds.fund = agreements.fund
  JOIN funders ON funders.coordination = funds.coordination AND funders.funder = funds.funder
  LEFT JOIN actions ON actions.coordination = agreements.coordination
   AND actions.action = agreements.action
  LEFT JOIN tallies ON tallies.coordination = agreements.coordination
   AND tallies.fund = agreements.fund
   AND tallies.what = 'agree'
   AND tallies.detail = agreements.agreement
 WHERE agreements.coordination = $1
   AND agreements.agreement = $2;

-- name: report_charges
-- Per payee, what a fund committed and what was certified as done, for one action or for all.
-- $1 coordination, $2 fund, $3 action, or null for all
SELECT payees.payee, payees.name AS payee_name,
       sum(CASE flows.kind WHEN 'liquidate' THEN 0 WHEN 'post' THEN flows.cents
           ELSE -flows.cents END)::bigint AS committed_cents,
       sum(CASE flows.kind WHEN 'liquidate' THEN flows.cents ELSE 0 END)::bigint AS done_cents
  FROM flows
  JOIN accounts ON accounts.account_id IN (flows.debit, flows.credit)
   AND accounts.stage = 'committed'
  JOIN payees ON payees.coordination = accounts.coordination AND payees.payee = accounts.payee
 WHERE flows.coordination = $1
   AND flows.fund = $2
   AND flows.span = 'month'
   AND flows.phase IN ('single', 'post')
   AND ($3::text IS NULL OR accounts.action = $3)
 GROUP BY payees.payee, payees.name
 ORDER BY payees.payee;

-- name: report_sources
-- Per fund, what was agreed for an action and what of it was certified as done.
-- $1 coordination, $2 action
SELECT funds.fund, funds.name AS fund_name, funders.name AS funder_name, funders.legal_nature,
       funds.custody,
       (SELECT coalesce(sum(tallies.amount_cents), 0)
          FROM agreements
          JOIN tallies ON tallies.coordination = agreements.coordination
           AND tallies.fund = agreements.fund
           AND tallies.what = 'agree'
           AND tallies.detail = agreements.agreement
         WHERE agreements.coordination = $1
           AND agreements.fund = funds.fund
           AND agreements.action = $2)::bigint AS agreed_cents,
       (SELECT coalesce(sum(flows.cents), 0)
          FROM flows
          JOIN accounts ON accounts.account_id = flows.debit AND accounts.action = $2
         WHERE flows.coordination = $1
           AND flows.fund = funds.fund
           AND flows.span = 'month'
           AND flows.kind = 'liquidate')::bigint AS done_cents
  FROM funds
  JOIN funders USING (coordination, funder)
 WHERE funds.coordination = $1
   AND EXISTS (SELECT
                 FROM agreements
                WHERE agreements.coordination = $1
                  AND agreements.fund = funds.fund
                  AND agreements.action = $2)
 ORDER BY funds.fund;
