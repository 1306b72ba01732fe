-- name: grant_request
-- One request for a grant, held until the end.
-- $1 coordination, $2 request
SELECT request, action, programme, services_cents, staff_cents, training, fund, state
  FROM grant_requests
 WHERE coordination = $1
   AND request = $2
   FOR UPDATE;

-- name: add_grant_request
-- Write a request; nothing when it is there already.
-- $1 coordination, $2 request, $3 action, $4 programme, $5 services cents, $6 staff cents, $7 training, $8 fund, $9 state
INSERT INTO grant_requests (coordination, request, action, programme, services_cents, staff_cents,
                            training, fund, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING;

-- name: move_grant_request
-- Say what became of a request.
-- $1 coordination, $2 request, $3 state
UPDATE grant_requests
   SET state = $3
 WHERE coordination = $1
   AND request = $2;

-- name: grant_requests
-- A page of requests after a name, in the order of names.
-- $1 coordination, $2 after this request, $3 most rows
SELECT request, action, programme, services_cents, staff_cents, training, fund, state
  FROM grant_requests
 WHERE coordination = $1
   AND request > $2
 ORDER BY request
 LIMIT $3;

-- name: requests_of_actions
-- All that programmes are asked for, action by action.
-- $1 coordination
SELECT request, action, programme, services_cents, staff_cents, training, fund, state
  FROM grant_requests
 WHERE coordination = $1
 ORDER BY action, request;

-- name: actions_told
-- Every action with its budget, by number.
-- $1 coordination
SELECT action, number, title, budget_cents, validated_on
  FROM actions
 WHERE coordination = $1
 ORDER BY number, action;

-- name: cofunding
-- What each funder agreed for each action, by another fund than those that were asked for a grant.
-- $1 coordination
SELECT agreements.action, funds.funder, sum(tallies.amount_cents)::bigint AS cents
  FROM agreements
  JOIN funds ON funds.coordination = agreements.coordination AND funds.fund = agreements.fund
  JOIN tallies ON tallies.coordination = agreements.coordination
   AND tallies.fund = agreements.fund
   AND tallies.what = 'agree'
   AND tallies.detail = agreements.agreement
 WHERE agreements.coordination = $1
   AND agreements.action IS NOT NULL
   AND NOT EXISTS (SELECT
                     FROM grant_requests AS asked
                    WHERE asked.coordination = agreements.coordination
                      AND asked.action = agreements.action
                      AND asked.fund = agreements.fund)
 GROUP BY agreements.action, funds.funder;

-- name: recipients
-- Who was ever committed money for each action.
-- $1 coordination
SELECT DISTINCT accounts.action, accounts.payee
  FROM accounts
  JOIN balances USING (account_id)
 WHERE accounts.coordination = $1
   AND accounts.stage = 'committed'
   AND balances.credits_posted > 0;

-- name: put_engineering_needs
-- Say what help an action needs, in place of what was said.
-- $1 coordination, $2 action, $3 codes
INSERT INTO engineering_needs (coordination, action, needs)
VALUES ($1, $2, $3)
    ON CONFLICT (coordination, action) DO UPDATE
   SET needs = excluded.needs;

-- name: drop_engineering_needs
-- An action needs no help any more.
-- $1 coordination, $2 action
DELETE FROM engineering_needs
 WHERE coordination = $1
   AND action = $2;

-- name: engineering_needs
-- A page of actions that need help, after a slug, in the order of slugs.
-- $1 coordination, $2 after this action, $3 most rows
SELECT action, actions.number, actions.title, needs
  FROM engineering_needs
  JOIN actions USING (coordination, action)
 WHERE coordination = $1
   AND action > $2
 ORDER BY action
 LIMIT $3;
