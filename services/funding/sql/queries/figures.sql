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

-- name: stages_as_of
-- What each stage of each fund held at the end of a day, by the days the acts are effective.
-- $1 coordination, $2 day
SELECT accounts.fund, accounts.stage, sum(entries.cents)::bigint AS cents
  FROM (SELECT debit AS account_id, -amount_cents AS cents
          FROM transfers
         WHERE coordination = $1
           AND effective_on <= $2
           AND phase IN ('single', 'post')
         UNION ALL
        SELECT credit, amount_cents
          FROM transfers
         WHERE coordination = $1
           AND effective_on <= $2
           AND phase IN ('single', 'post')) AS entries
  JOIN accounts USING (account_id)
 GROUP BY accounts.fund, accounts.stage;

-- name: sums
-- What each fund did in all, per kind of act.
-- $1 coordination
SELECT fund, what AS stage, amount_cents AS cents
  FROM tallies
 WHERE coordination = $1
   AND detail = '';

-- name: sums_as_of
-- The same up to a day, by the days the acts are effective.
-- $1 coordination, $2 day
SELECT fund, kind AS stage, sum(amount_cents)::bigint AS cents
  FROM transfers
 WHERE coordination = $1
   AND effective_on <= $2
   AND phase IN ('single', 'post')
   AND (kind <> 'receive' OR reverses IS NULL)
 GROUP BY fund, kind;

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

-- name: gap_as_of
-- The same with what was validated and agreed up to a day.
-- $1 coordination, $2 day
SELECT (SELECT coalesce(sum(actions.budget_cents), 0)
          FROM actions
         WHERE actions.coordination = $1
           AND actions.validated_on <= $2)::bigint
       - (SELECT coalesce(sum(transfers.amount_cents), 0)
            FROM transfers
            JOIN agreements USING (coordination, agreement)
            JOIN actions ON actions.coordination = agreements.coordination
             AND actions.action = agreements.action
             AND actions.validated_on <= $2
           WHERE transfers.coordination = $1
             AND transfers.kind = 'agree'
             AND transfers.effective_on <= $2)::bigint AS cents;
