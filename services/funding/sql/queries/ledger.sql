-- name: head
-- The last block of a ledger: the next one goes after it, or not at all. Read before all else.
-- $1 coordination
SELECT seq, hash
  FROM blocks
 WHERE coordination = $1
 ORDER BY seq DESC
 LIMIT 1;

-- name: lock_balances
-- Hold the accounts a batch may touch, lowest id first, so that two writers never wait on each other.
-- $1 coordination, $2 codes
SELECT accounts.code, balances.debits_pending, balances.debits_posted, balances.credits_pending,
       balances.credits_posted
  FROM accounts
  JOIN balances USING (account_id)
 WHERE accounts.coordination = $1
   AND accounts.code = ANY($2::text[])
 ORDER BY accounts.account_id
   FOR NO KEY UPDATE OF balances;

-- name: balances
-- The same, held by nobody: for a trial run.
-- $1 coordination, $2 codes
SELECT accounts.code, balances.debits_pending, balances.debits_posted, balances.credits_pending,
       balances.credits_posted
  FROM accounts
  JOIN balances USING (account_id)
 WHERE accounts.coordination = $1
   AND accounts.code = ANY($2::text[]);

-- name: recorded
-- Transfers already recorded under these ids; LIMIT keeps one look-up per id, whatever the planner
-- thinks of a table it has no statistics of: it would read the whole ledger for each batch.
-- $1 coordination, $2 ids
SELECT transfers.id, transfers.kind, transfers.phase, transfers.fund, debited.code AS debit,
       credited.code AS credit, transfers.amount_cents, transfers.effective_on,
       transfers.agreement, transfers.purpose, transfers.action, transfers.payee,
       transfers.opinion, transfers.funder_decision, transfers.tranche, transfers.proof,
       transfers.reason, transfers.pending_id, transfers.reverses, transfers.line,
       transfers.goes_with
  FROM unnest($2::uuid[]) AS asked (id)
 CROSS JOIN LATERAL (SELECT found.id, found.kind, found.phase, found.fund, found.debit,
                            found.credit, found.amount_cents, found.effective_on,
                            found.agreement, found.purpose, found.action, found.payee,
                            found.opinion, found.funder_decision, found.tranche, found.proof,
                            found.reason, found.pending_id, found.reverses, found.line,
                            found.goes_with
                       FROM transfers AS found
                      WHERE found.coordination = $1
                        AND found.id = asked.id
                      LIMIT 1) AS transfers
  JOIN accounts AS debited ON debited.account_id = transfers.debit
  JOIN accounts AS credited ON credited.account_id = transfers.credit;

-- name: cited
-- Whether these holds ended, and how much of these transfers was reversed.
-- $1 coordination, $2 ids
SELECT asked.id,
       EXISTS (SELECT FROM transfers
                WHERE transfers.coordination = $1
                  AND transfers.pending_id = asked.id
                  AND transfers.phase IN ('post', 'void')) AS resolved,
       (SELECT coalesce(sum(transfers.amount_cents), 0)::bigint
          FROM transfers
         WHERE transfers.coordination = $1
           AND transfers.reverses = asked.id) AS reversed_cents
  FROM unnest($2::uuid[]) AS asked (id);

-- name: fund_terms
-- The rules of the funds a batch uses, with the actions their agreements name.
-- $1 coordination, $2 funds
SELECT funds.fund, funds.name, funds.funder, funds.custody, funds.mode, funds.restriction,
       funds.valid_from, funds.valid_until, funds.ceiling_cents, funds.prefinancing_limit_cents,
       ARRAY(SELECT DISTINCT agreements.action
               FROM agreements
              WHERE agreements.coordination = funds.coordination
                AND agreements.fund = funds.fund
                AND agreements.action IS NOT NULL
              ORDER BY agreements.action) AS actions
  FROM funds
 WHERE funds.coordination = $1
   AND funds.fund = ANY($2::text[]);

-- name: agreement_terms
-- The agreements a batch cites.
-- $1 coordination, $2 agreements
SELECT agreement, fund, amount_cents, signed_on
  FROM agreements
 WHERE coordination = $1
   AND agreement = ANY($2::text[]);

-- name: known_actions
-- Which of these actions are open.
-- $1 coordination, $2 actions
SELECT action
  FROM actions
 WHERE coordination = $1
   AND action = ANY($2::text[]);

-- name: known_payees
-- Which of these payees are known.
-- $1 coordination, $2 payees
SELECT payee
  FROM payees
 WHERE coordination = $1
   AND payee = ANY($2::text[]);

-- name: opinion_shares
-- What the opinions a batch cites give; one without awards is there with an empty share.
-- $1 coordination, $2 opinions
SELECT opinions.opinion, opinions.adopted_on, coalesce(opinion_awards.action, '') AS action,
       coalesce(opinion_awards.fund, '') AS fund,
       coalesce(opinion_awards.amount_cents, 0) AS amount_cents
  FROM opinions
  LEFT JOIN opinion_awards USING (coordination, opinion)
 WHERE opinions.coordination = $1
   AND opinions.opinion = ANY($2::uuid[]);

-- name: decision_shares
-- What the decisions a batch cites give.
-- $1 coordination, $2 decisions
SELECT decisions.decision, decisions.funder, decisions.enforceable_since, decision_awards.action,
       decision_awards.fund, decision_awards.amount_cents
  FROM decisions
  JOIN decision_awards USING (coordination, decision)
 WHERE decisions.coordination = $1
   AND decisions.decision = ANY($2::uuid[]);

-- name: tallies
-- The sums that limits on a batch read.
-- $1 coordination, $2 funds, $3 what, $4 details
SELECT tallies.fund, tallies.what, tallies.detail, tallies.amount_cents
  FROM unnest($2::text[], $3::text[], $4::text[]) AS asked (fund, what, detail)
  JOIN tallies USING (fund, what, detail)
 WHERE tallies.coordination = $1;

-- name: award_totals
-- What these funds awarded, per action and opinion, for a withdrawal that does not say which.
-- $1 coordination, $2 funds
SELECT fund, detail, amount_cents
  FROM tallies
 WHERE coordination = $1
   AND fund = ANY($2::text[])
   AND what = 'awarded'
 ORDER BY fund, detail;

-- name: add_block
-- Seal a batch after the block it was decided on; another writer's block there refuses it.
-- $1 coordination, $2 seq, $3 count, $4 prev, $5 hash, $6 instant
INSERT INTO blocks (coordination, seq, n, prev, hash, at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: add_accounts
-- Open the accounts that a batch uses for the first time.
-- $1 coordination, $2 codes, $3 funds, $4 stages, $5 actions, $6 payees
INSERT INTO accounts (coordination, code, fund, stage, action, payee)
SELECT $1, opened.code, opened.fund, opened.stage, opened.action, opened.payee
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS opened (code, fund, stage, action, payee)
 ORDER BY opened.code
    ON CONFLICT DO NOTHING;

-- name: account_ids
-- The ids of accounts.
-- $1 coordination, $2 codes
SELECT account_id, code
  FROM accounts
 WHERE coordination = $1
   AND code = ANY($2::text[]);

-- name: add_balances
-- Give newly opened accounts their balance, once.
-- $1 accounts, $2 contra
INSERT INTO balances (account_id, contra)
SELECT opened.account_id, opened.contra
  FROM unnest($1::bigint[], $2::boolean[]) AS opened (account_id, contra)
 ORDER BY opened.account_id
    ON CONFLICT DO NOTHING;

-- name: move_balances
-- Add a batch's movements to the accounts they touch, folded: one row each.
-- $1 accounts, $2 debits pending, $3 debits posted, $4 credits pending, $5 credits posted
UPDATE balances
   SET debits_pending = balances.debits_pending + moved.debits_pending,
       debits_posted = balances.debits_posted + moved.debits_posted,
       credits_pending = balances.credits_pending + moved.credits_pending,
       credits_posted = balances.credits_posted + moved.credits_posted
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
       AS moved (account_id, debits_pending, debits_posted, credits_pending, credits_posted)
 WHERE balances.account_id = moved.account_id;

-- name: move_tallies
-- Add a batch's sums; not an upsert, which would refuse a negative change to a positive sum.
-- $1 coordination, $2 funds, $3 what, $4 details, $5 changes in cents
MERGE INTO tallies
USING unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
      AS moved (fund, what, detail, cents)
   ON tallies.coordination = $1
  AND tallies.fund = moved.fund
  AND tallies.what = moved.what
  AND tallies.detail = moved.detail
 WHEN MATCHED THEN
      UPDATE SET amount_cents = tallies.amount_cents + moved.cents
 WHEN NOT MATCHED THEN
      INSERT (coordination, fund, what, detail, amount_cents)
      VALUES ($1, moved.fund, moved.what, moved.detail, moved.cents);

-- name: journal
-- A page of the journal after a transfer, each with the block that seals it.
-- $1 coordination, $2 after this block, $3 and after this place in it, $4 most rows
SELECT transfers.id, transfers.kind, transfers.phase, transfers.fund, debited.code AS debit,
       credited.code AS credit, transfers.amount_cents, transfers.effective_on,
       transfers.agreement, transfers.purpose, transfers.action, transfers.payee,
       transfers.opinion, transfers.funder_decision, transfers.tranche, transfers.proof,
       transfers.reason, transfers.pending_id, transfers.reverses, transfers.line,
       transfers.goes_with,
       transfers.block, transfers.n, blocks.n AS count, blocks.prev, blocks.hash, blocks.at
  FROM transfers
  JOIN blocks ON blocks.coordination = transfers.coordination AND blocks.seq = transfers.block
  JOIN accounts AS debited ON debited.account_id = transfers.debit
  JOIN accounts AS credited ON credited.account_id = transfers.credit
 WHERE transfers.coordination = $1
   AND (transfers.block, transfers.n) > ($2, $3)
 ORDER BY transfers.block, transfers.n
 LIMIT $4;
