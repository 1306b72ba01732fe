-- name: add_funder
-- Write a funder; nothing when its slug is taken, so that a retry is free.
-- $1 coordination, $2 funder, $3 name, $4 level, $5 legal nature, $6 SIRET
INSERT INTO funders (coordination, funder, name, level, legal_nature, siret)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING;

-- name: funder
-- One funder.
-- $1 coordination, $2 funder
SELECT funder, name, level, legal_nature, siret
  FROM funders
 WHERE coordination = $1
   AND funder = $2;

-- name: add_fund
-- Write a fund; nothing when its slug is taken.
-- $1 coordination, $2 fund, $3 name, $4 funder, $5 custody, $6 mode, $7 restriction, $8 from, $9 until, $10 ceiling cents, $11 prefinancing cents
INSERT INTO funds (coordination, fund, name, funder, custody, mode, restriction, valid_from,
                   valid_until, ceiling_cents, prefinancing_limit_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT DO NOTHING;

-- name: fund
-- One fund.
-- $1 coordination, $2 fund
SELECT fund, name, funder, custody, mode, restriction, valid_from, valid_until, ceiling_cents,
       prefinancing_limit_cents
  FROM funds
 WHERE coordination = $1
   AND fund = $2;

-- name: funds
-- A page of funds by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT fund, name, funder, custody, mode, restriction, valid_from, valid_until, ceiling_cents,
       prefinancing_limit_cents
  FROM funds
 WHERE coordination = $1
   AND fund > $2
 ORDER BY fund
 LIMIT $3;

-- name: add_agreement
-- Write a funding agreement; nothing when its id is taken.
-- $1 coordination, $2 agreement, $3 fund, $4 cents, $5 day, $6 action, $7 reference
INSERT INTO agreements (coordination, agreement, fund, amount_cents, signed_on, action, reference)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: agreement
-- One funding agreement.
-- $1 coordination, $2 agreement
SELECT agreement, fund, amount_cents, signed_on, action, reference
  FROM agreements
 WHERE coordination = $1
   AND agreement = $2;

-- name: add_payee
-- Write a payee; nothing when its slug is taken.
-- $1 coordination, $2 payee, $3 name, $4 SIREN, $5 SIRET, $6 RNA number
INSERT INTO payees (coordination, payee, name, siren, siret, rna)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING;

-- name: payee
-- One payee.
-- $1 coordination, $2 payee
SELECT payee, name, siren, siret, rna
  FROM payees
 WHERE coordination = $1
   AND payee = $2;

-- name: open_action
-- Open a validated action; validated again, its latest budget counts.
-- $1 coordination, $2 action, $3 number, $4 title, $5 cents, $6 decision, $7 day
INSERT INTO actions (coordination, action, number, title, budget_cents, decision, validated_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (coordination, action) DO UPDATE
   SET number = EXCLUDED.number,
       title = EXCLUDED.title,
       budget_cents = EXCLUDED.budget_cents,
       decision = EXCLUDED.decision,
       validated_on = EXCLUDED.validated_on;

-- name: add_opinion
-- Keep an adopted opinion; told twice, it is kept once.
-- $1 coordination, $2 opinion, $3 title, $4 day
INSERT INTO opinions (coordination, opinion, title, adopted_on)
VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
RETURNING opinion;

-- name: add_opinion_awards
-- Keep what an opinion gives, shares of one fund to one action added up.
-- $1 coordination, $2 opinion, $3 actions, $4 funds, $5 cents
INSERT INTO opinion_awards (coordination, opinion, action, fund, amount_cents)
SELECT $1, $2, share.action, share.fund, sum(share.cents)::bigint
  FROM unnest($3::text[], $4::text[], $5::bigint[]) AS share (action, fund, cents)
 GROUP BY share.action, share.fund;

-- name: add_decision
-- Keep a funder's decision; told twice, it is kept once.
-- $1 coordination, $2 decision, $3 funder, $4 body, $5 reference, $6 day, $7 enforceable since
INSERT INTO decisions (coordination, decision, funder, body, reference, decided_on,
                       enforceable_since)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING decision;

-- name: add_decision_awards
-- Keep what a decision gives, shares of one fund to one action added up.
-- $1 coordination, $2 decision, $3 actions, $4 funds, $5 cents
INSERT INTO decision_awards (coordination, decision, action, fund, amount_cents)
SELECT $1, $2, share.action, share.fund, sum(share.cents)::bigint
  FROM unnest($3::text[], $4::text[], $5::bigint[]) AS share (action, fund, cents)
 GROUP BY share.action, share.fund;

-- name: actions
-- A page of actions by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT action, number, title, budget_cents, validated_on
  FROM actions
 WHERE coordination = $1
   AND action > $2
 ORDER BY action
 LIMIT $3;

-- name: plans
-- What each fund brings to these actions: agreed, earmarked now, awarded and committed in all.
-- $1 coordination, $2 actions
WITH brought AS (
    SELECT agreements.action, agreements.fund, tallies.amount_cents AS agreed, 0 AS earmarked,
           0 AS awarded, 0 AS committed
      FROM agreements
      JOIN tallies ON tallies.coordination = agreements.coordination
       AND tallies.fund = agreements.fund
       AND tallies.what = 'agree'
       AND tallies.detail = agreements.agreement
     WHERE agreements.coordination = $1
       AND agreements.action = ANY($2::text[])
     UNION ALL
    SELECT accounts.action, accounts.fund, 0,
           balances.credits_posted - balances.debits_posted, 0, 0
      FROM accounts
      JOIN balances USING (account_id)
     WHERE accounts.coordination = $1
       AND accounts.stage = 'earmarked'
       AND accounts.action = ANY($2::text[])
     UNION ALL
    SELECT split_part(tallies.detail, '/', 1), tallies.fund, 0, 0,
           CASE tallies.what WHEN 'awarded' THEN tallies.amount_cents ELSE 0 END,
           CASE tallies.what WHEN 'post' THEN tallies.amount_cents ELSE 0 END
      FROM tallies
     WHERE tallies.coordination = $1
       AND tallies.what IN ('awarded', 'post')
       AND split_part(tallies.detail, '/', 1) = ANY($2::text[])
)
SELECT brought.action, brought.fund, funds.funder, sum(brought.agreed)::bigint AS agreed_cents,
       sum(brought.earmarked)::bigint AS earmarked_cents,
       sum(brought.awarded)::bigint AS awarded_cents,
       sum(brought.committed)::bigint AS committed_cents
  FROM brought
  JOIN funds ON funds.coordination = $1 AND funds.fund = brought.fund
 GROUP BY brought.action, brought.fund, funds.funder
 ORDER BY brought.action, brought.fund;
