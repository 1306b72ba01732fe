-- name: enforced_rules
-- The rules a coordination turned on, with the days its last word gives them.
-- $1 coordination
SELECT rules.rule, rules.scope, rules.scope_id, rules.kind, rules.source, rules.share,
       rules.higher_share, rules.months, rules.amount_cents, rules.line_kind, rules.natures,
       last.enforced_from, last.enforced_until
  FROM rules
 CROSS JOIN LATERAL (SELECT rule_enforcements.enforced_from, rule_enforcements.enforced_until
                       FROM rule_enforcements
                      WHERE rule_enforcements.coordination = rules.coordination
                        AND rule_enforcements.rule = rules.rule
                      ORDER BY rule_enforcements.n DESC
                      LIMIT 1) AS last
 WHERE rules.coordination = $1
 ORDER BY rules.rule;

-- name: limited_funds
-- What rules look at in the funds of a coordination.
-- $1 coordination
SELECT funds.fund, funds.funder, funders.level, funders.legal_nature, fund_tags.programme
  FROM funds
  JOIN funders USING (coordination, funder)
  LEFT JOIN fund_tags USING (coordination, fund)
 WHERE funds.coordination = $1;

-- name: limited_actions
-- What rules look at in these actions.
-- $1 coordination, $2 actions
SELECT actions.action, actions.budget_cents, action_tags.nature, action_tags.owner,
       coalesce(action_tags.lead_competence, false) AS lead_competence
  FROM actions
  LEFT JOIN action_tags USING (coordination, action)
 WHERE actions.coordination = $1
   AND actions.action = ANY($2::text[]);

-- name: limited_payees
-- What rules look at in these payees, a row per convention.
-- $1 coordination, $2 payees
SELECT payees.payee, payee_tags.sector, payee_conventions.signed_on, payee_conventions.ends_on
  FROM payees
  LEFT JOIN payee_tags USING (coordination, payee)
  LEFT JOIN payee_conventions USING (coordination, payee)
 WHERE payees.coordination = $1
   AND payees.payee = ANY($2::text[]);

-- name: limiting_lines
-- The budget lines a batch falls on.
-- $1 coordination, $2 lines
SELECT line, name, kind, body_kind, nature, chapter, ceiling_cents, years, payable_cents
  FROM budget_lines
 WHERE coordination = $1
   AND line = ANY($2::text[]);

-- name: scheduled_agreements
-- The agreements of these funds that say by which tranches they pay.
-- $1 coordination, $2 funds
SELECT agreements.agreement, agreements.fund, agreements.amount_cents, agreements.action,
       agreements.signed_on, agreement_schedules.ends_on, agreement_schedules.guaranteed,
       agreement_schedules.tranches, agreement_schedules.tranche_kinds,
       agreement_schedules.tranche_cents
  FROM agreements
  JOIN agreement_schedules USING (coordination, agreement)
 WHERE agreements.coordination = $1
   AND agreements.fund = ANY($2::text[])
   AND cardinality(agreement_schedules.tranches) > 0
 ORDER BY agreements.agreement;

-- name: lock_proofs
-- Hold the proofs a batch or a claim cites, so that what they finance is counted once.
-- $1 coordination, $2 proofs
SELECT proof, amount_cents
  FROM proofs
 WHERE coordination = $1
   AND proof = ANY($2::text[])
 ORDER BY proof
   FOR NO KEY UPDATE;

-- name: registered_proofs
-- The same, held by nobody: for a trial run.
-- $1 coordination, $2 proofs
SELECT proof, amount_cents
  FROM proofs
 WHERE coordination = $1
   AND proof = ANY($2::text[]);

-- name: claimed_parts
-- What claims ask back on these proofs.
-- $1 coordination, $2 proofs
SELECT asked.proof, claims.fund, claims.advanced_by, asked.eligible_cents
  FROM claims
 CROSS JOIN LATERAL unnest(claims.proofs, claims.eligible_cents)
       AS asked (proof, eligible_cents)
 WHERE claims.coordination = $1
   AND claims.proofs && $2::text[]
   AND asked.proof = ANY($2::text[]);

-- name: proof_sums
-- What each fund liquidated on a proof.
-- $1 coordination, $2 proofs
SELECT fund, detail AS proof, amount_cents
  FROM tallies
 WHERE coordination = $1
   AND what = 'proof'
   AND detail = ANY($2::text[]);
