-- name: named_funds
-- The funds of a coordination with who brings them.
-- $1 coordination
SELECT funds.fund, funds.name, funds.funder, funders.name AS funder_name, funders.level,
       funds.custody
  FROM funds
  JOIN funders USING (coordination, funder)
 WHERE funds.coordination = $1
 ORDER BY funds.fund;

-- name: stages
-- What each stage of each fund holds now.
-- $1 coordination
SELECT accounts.fund, accounts.stage,
       sum(balances.credits_posted - balances.debits_posted)::bigint AS cents
  FROM accounts
  JOIN balances USING (account_id)
 WHERE accounts.coordination = $1
 GROUP BY accounts.fund, accounts.stage;

-- name: sums
-- What each fund did in all, per kind of act.
-- $1 coordination
SELECT fund, what AS stage, amount_cents AS cents
  FROM tallies
 WHERE coordination = $1
   AND detail = '';

-- name: gap
-- The budgets of the actions less what was agreed for them.
-- $1 coordination
SELECT (SELECT coalesce(sum(actions.budget_cents), 0)
          FROM actions
         WHERE actions.coordination = $1)::bigint
       - (SELECT coalesce(sum(tallies.amount_cents), 0)
            FROM agreements
            JOIN actions USING (coordination, action)
            JOIN tallies ON tallies.coordination = agreements.coordination
             AND tallies.fund = agreements.fund
             AND tallies.what = 'agree'
             AND tallies.detail = agreements.agreement
           WHERE agreements.coordination = $1)::bigint AS cents;
