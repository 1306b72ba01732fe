-- name: funder_funds
-- A funder's funds.
-- $1 coordination, $2 funder
SELECT fund, name, custody, valid_from, valid_until
  FROM funds
 WHERE coordination = $1
   AND funder = $2
 ORDER BY fund;

-- name: whereabouts
-- Where the euros of some funds are: what every account of the commitments book holds.
-- $1 coordination, $2 funds, $3 the stages that stand for the outside world or for cash
SELECT accounts.fund, accounts.stage, accounts.action, accounts.payee, payees.name AS payee_name,
       balances.credits_posted - balances.debits_posted AS cents
  FROM accounts
  JOIN balances USING (account_id)
  LEFT JOIN payees ON payees.coordination = accounts.coordination
   AND payees.payee = accounts.payee
 WHERE accounts.coordination = $1
   AND accounts.fund = ANY($2::text[])
   AND NOT accounts.stage = ANY($3::text[])
   AND balances.credits_posted <> balances.debits_posted
 ORDER BY accounts.fund, accounts.account_id;

-- name: served
-- What was certified as done, by whom and for which action, of some funds.
-- $1 coordination, $2 funds
SELECT flows.fund, accounts.action, accounts.payee, payees.name AS payee_name,
       sum(flows.cents)::bigint AS cents
  FROM flows
  JOIN accounts ON accounts.account_id = flows.debit
  LEFT JOIN payees ON payees.coordination = flows.coordination AND payees.payee = accounts.payee
 WHERE flows.coordination = $1
   AND flows.fund = ANY($2::text[])
   AND flows.span = 'month'
   AND flows.kind = 'liquidate'
 GROUP BY flows.fund, accounts.action, accounts.payee, payees.name
 ORDER BY flows.fund, accounts.action, accounts.payee;

-- name: pledged
-- What some funds have pledged net of what lapsed: the outside world's account, turned round.
-- $1 coordination, $2 funds
SELECT accounts.fund, (balances.debits_posted - balances.credits_posted)::bigint AS cents
  FROM accounts
  JOIN balances USING (account_id)
 WHERE accounts.coordination = $1
   AND accounts.fund = ANY($2::text[])
   AND accounts.stage = 'pledged';

-- name: action
-- One action.
-- $1 coordination, $2 action
SELECT action, number, title, budget_cents, validated_on
  FROM actions
 WHERE coordination = $1
   AND action = $2;

-- name: natures
-- What each legal nature of funder agreed for an action.
-- $1 coordination, $2 action
SELECT funders.legal_nature, funders.level, sum(tallies.amount_cents)::bigint AS cents
  FROM agreements
  JOIN tallies ON tallies.coordination = agreements.coordination
   AND tallies.fund = agreements.fund
   AND tallies.what = 'agree'
   AND tallies.detail = agreements.agreement
  JOIN funds ON funds.coordination = agreements.coordination AND funds.fund = agreements.fund
  JOIN funders ON funders.coordination = funds.coordination AND funders.funder = funds.funder
 WHERE agreements.coordination = $1
   AND agreements.action = $2
 GROUP BY funders.legal_nature, funders.level
 ORDER BY funders.legal_nature, funders.level;

-- name: action_history
-- A page of the acts that named an action, or posted what was held for it, oldest first.
-- $1 coordination, $2 action, $3 after this block, $4 and after this place in it, $5 most rows
SELECT transfers.id, transfers.kind, transfers.phase, transfers.fund, transfers.payee,
       transfers.amount_cents, transfers.effective_on, blocks.at AS recorded_at, transfers.reason,
       transfers.proof, transfers.pending_id, transfers.reverses, transfers.block, transfers.n
  FROM transfers
  JOIN blocks ON blocks.coordination = transfers.coordination AND blocks.seq = transfers.block
 WHERE transfers.coordination = $1
   AND (transfers.block, transfers.n) > ($3, $4)
   AND (transfers.action = $2
        OR transfers.purpose = $2
        OR transfers.pending_id IN (SELECT held.id
                                      FROM transfers AS held
                                     WHERE held.coordination = $1
                                       AND held.action = $2
                                       AND held.phase = 'hold'))
 ORDER BY transfers.block, transfers.n
 LIMIT $5;

-- name: year_sums
-- What some funds did between two months, per kind of act; what comes back is no receipt.
-- $1 coordination, $2 funds, $3 first day of the first month, $4 last day of the last month
SELECT flows.fund, flows.kind AS stage, sum(flows.cents)::bigint AS cents
  FROM flows
  JOIN accounts ON accounts.account_id = flows.debit
 WHERE flows.coordination = $1
   AND flows.fund = ANY($2::text[])
   AND flows.span = 'month'
   AND flows.day BETWEEN $3 AND $4
   AND flows.phase IN ('single', 'post')
   AND (flows.kind <> 'receive' OR accounts.stage <> 'clawback_due')
 GROUP BY flows.fund, flows.kind;

-- name: lines_of_year
-- Budget lines that count in a year: what was ever committed on each, and paid in that year.
-- $1 coordination, $2 year
SELECT budget_lines.line, budget_lines.name, budget_lines.kind, budget_lines.body_kind,
       budget_lines.nature, budget_lines.chapter, budget_lines.ceiling_cents, budget_lines.years,
       budget_lines.payable_cents,
       coalesce(committed.amount_cents, 0) AS committed_cents,
       coalesce(paid.amount_cents, 0) AS paid_cents
  FROM budget_lines
  LEFT JOIN tallies AS committed ON committed.coordination = budget_lines.coordination
   AND committed.fund = ''
   AND committed.what = 'line'
   AND committed.detail = budget_lines.line
  LEFT JOIN tallies AS paid ON paid.coordination = budget_lines.coordination
   AND paid.fund = ''
   AND paid.what = 'line_paid'
   AND paid.detail = budget_lines.line || '/' || $2::integer::text
 WHERE budget_lines.coordination = $1
   AND (budget_lines.years = '{}' OR $2 = ANY(budget_lines.years) OR paid.amount_cents > 0)
 ORDER BY budget_lines.line;

-- name: execution
-- Of each action: its budget, and what was awarded, committed and certified as done.
-- $1 coordination
SELECT actions.action, actions.number, actions.title, actions.budget_cents,
       coalesce(awarded.cents, 0)::bigint AS awarded_cents,
       coalesce(committed.cents, 0)::bigint AS committed_cents,
       coalesce(done.cents, 0)::bigint AS liquidated_cents
  FROM actions
  LEFT JOIN (SELECT split_part(detail, '/', 1) AS action, sum(amount_cents) AS cents
               FROM tallies
              WHERE coordination = $1
                AND what = 'awarded'
              GROUP BY split_part(detail, '/', 1)) AS awarded USING (action)
  LEFT JOIN (SELECT detail AS action, sum(amount_cents) AS cents
               FROM tallies
              WHERE coordination = $1
                AND what = 'post'
                AND detail <> ''
              GROUP BY detail) AS committed USING (action)
  LEFT JOIN (SELECT accounts.action, sum(flows.cents) AS cents
               FROM funds
               JOIN flows ON flows.coordination = funds.coordination
                AND flows.fund = funds.fund
                AND flows.span = 'month'
                AND flows.kind = 'liquidate'
               JOIN accounts ON accounts.account_id = flows.debit
              WHERE funds.coordination = $1
              GROUP BY accounts.action) AS done USING (action)
 WHERE actions.coordination = $1
 ORDER BY actions.number, actions.action;
