-- name: add_schedule
-- Write the schedule of an agreement; nothing when it is there already.
-- $1 coordination, $2 agreement, $3 ends on, $4 report due on, $5 guaranteed, $6 tranches, $7 tranche kinds, $8 tranche cents, $9 tranche due on, $10 tranche proofs
INSERT INTO agreement_schedules (coordination, agreement, ends_on, report_due_on, guaranteed,
                                 tranches, tranche_kinds, tranche_cents, tranche_due_on,
                                 tranche_proofs)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING;

-- name: schedule
-- Read the schedule of an agreement.
-- $1 coordination, $2 agreement
SELECT agreement, ends_on, report_due_on, guaranteed, tranches, tranche_kinds, tranche_cents,
       tranche_due_on, tranche_proofs
  FROM agreement_schedules
 WHERE coordination = $1
   AND agreement = $2;

-- name: add_fund_tag
-- Write the tags of a fund; nothing when it is there already.
-- $1 coordination, $2 fund, $3 programme, $4 instrument, $5 procedure, $6 frameworks, $7 lapses on
INSERT INTO fund_tags (coordination, fund, programme, instrument, procedure, frameworks, lapses_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: fund_tag
-- Read the tags of a fund.
-- $1 coordination, $2 fund
SELECT fund, programme, instrument, procedure, frameworks, lapses_on
  FROM fund_tags
 WHERE coordination = $1
   AND fund = $2;

-- name: add_action_tag
-- Write the tags of an action; nothing when it is there already.
-- $1 coordination, $2 action, $3 nature, $4 owner, $5 lead competence, $6 delivery, $7 frameworks
INSERT INTO action_tags (coordination, action, nature, owner, lead_competence, delivery, frameworks)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: action_tag
-- Read the tags of an action.
-- $1 coordination, $2 action
SELECT action, nature, owner, lead_competence, delivery, frameworks
  FROM action_tags
 WHERE coordination = $1
   AND action = $2;

-- name: add_payee_tag
-- Write the sector of a payee; nothing when it is there already.
-- $1 coordination, $2 payee, $3 sector
INSERT INTO payee_tags (coordination, payee, sector)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING;

-- name: payee_tag
-- Read the sector of a payee.
-- $1 coordination, $2 payee
SELECT payee, sector
  FROM payee_tags
 WHERE coordination = $1
   AND payee = $2;

-- name: add_payee_convention
-- Write a convention with a payee; nothing when it is there already.
-- $1 coordination, $2 convention, $3 payee, $4 signed on, $5 ends on, $6 reference
INSERT INTO payee_conventions (coordination, convention, payee, signed_on, ends_on, reference)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING;

-- name: payee_convention
-- Read a convention with a payee.
-- $1 coordination, $2 convention
SELECT convention, payee, signed_on, ends_on, reference
  FROM payee_conventions
 WHERE coordination = $1
   AND convention = $2;

-- name: add_budget_line
-- Write a budget line; nothing when it is there already.
-- $1 coordination, $2 line, $3 name, $4 kind, $5 body kind, $6 nature, $7 chapter, $8 ceiling cents, $9 years, $10 payable cents
INSERT INTO budget_lines (coordination, line, name, kind, body_kind, nature, chapter, ceiling_cents,
                          years, payable_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING;

-- name: budget_line
-- Read a budget line.
-- $1 coordination, $2 line
SELECT line, name, kind, body_kind, nature, chapter, ceiling_cents, years, payable_cents
  FROM budget_lines
 WHERE coordination = $1
   AND line = $2;

-- name: budget_lines
-- A page after a name, in the order of names.
-- $1 coordination, $2 after this name, $3 most rows
SELECT line, name, kind, body_kind, nature, chapter, ceiling_cents, years, payable_cents
  FROM budget_lines
 WHERE coordination = $1
   AND line > $2
 ORDER BY line
 LIMIT $3;

-- name: add_rule
-- Write a rule; nothing when it is there already.
-- $1 coordination, $2 rule, $3 scope, $4 scope id, $5 kind, $6 source, $7 share, $8 higher share, $9 months, $10 amount cents, $11 line kind, $12 natures
INSERT INTO rules (coordination, rule, scope, scope_id, kind, source, share, higher_share, months,
                   amount_cents, line_kind, natures)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT DO NOTHING;

-- name: rule
-- Read a rule.
-- $1 coordination, $2 rule
SELECT rule, scope, scope_id, kind, source, share, higher_share, months, amount_cents, line_kind,
       natures
  FROM rules
 WHERE coordination = $1
   AND rule = $2;

-- name: add_proof
-- Write a proof; nothing when it is there already.
-- $1 coordination, $2 proof, $3 kind, $4 amount cents, $5 issued on, $6 paid on, $7 agreement, $8 tranche
INSERT INTO proofs (coordination, proof, kind, amount_cents, issued_on, paid_on, agreement, tranche)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING;

-- name: proof
-- Read a proof.
-- $1 coordination, $2 proof
SELECT proof, kind, amount_cents, issued_on, paid_on, agreement, tranche
  FROM proofs
 WHERE coordination = $1
   AND proof = $2;

-- name: add_claim
-- Write a claim; nothing when it is there already.
-- $1 coordination, $2 claim, $3 fund, $4 claimed on, $5 advanced by, $6 reference, $7 proofs, $8 eligible cents, $9 ineligible cents
INSERT INTO claims (coordination, claim, fund, claimed_on, advanced_by, reference, proofs,
                    eligible_cents, ineligible_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING;

-- name: claim
-- Read a claim.
-- $1 coordination, $2 claim
SELECT claim, fund, claimed_on, advanced_by, reference, proofs, eligible_cents, ineligible_cents
  FROM claims
 WHERE coordination = $1
   AND claim = $2;

-- name: claims
-- A page after a name, in the order of names.
-- $1 coordination, $2 after this name, $3 most rows
SELECT claim, fund, claimed_on, advanced_by, reference, proofs, eligible_cents, ineligible_cents
  FROM claims
 WHERE coordination = $1
   AND claim > $2
 ORDER BY claim
 LIMIT $3;

-- name: add_in_kind
-- Write a contribution in kind; nothing when it is there already.
-- $1 coordination, $2 contribution, $3 funder, $4 action, $5 kind, $6 what, $7 value cents, $8 method, $9 received on
INSERT INTO in_kind_contributions (coordination, contribution, funder, action, kind, what,
                                   value_cents, method, received_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING;

-- name: in_kind
-- Read a contribution in kind.
-- $1 coordination, $2 contribution
SELECT contribution, funder, action, kind, what, value_cents, method, received_on
  FROM in_kind_contributions
 WHERE coordination = $1
   AND contribution = $2;

-- name: in_kinds
-- A page after a name, in the order of names.
-- $1 coordination, $2 after this name, $3 most rows
SELECT contribution, funder, action, kind, what, value_cents, method, received_on
  FROM in_kind_contributions
 WHERE coordination = $1
   AND contribution > $2
 ORDER BY contribution
 LIMIT $3;

-- name: add_solicitation
-- Write a contribution asked for; nothing when it is there already.
-- $1 coordination, $2 solicitation, $3 organisation, $4 sector, $5 dematerialises, $6 asked on, $7 asked cents
INSERT INTO solicitations (coordination, solicitation, organisation, sector, dematerialises,
                           asked_on, asked_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: solicitation
-- Read a contribution asked for.
-- $1 coordination, $2 solicitation
SELECT solicitation, organisation, sector, dematerialises, asked_on, asked_cents
  FROM solicitations
 WHERE coordination = $1
   AND solicitation = $2;

-- name: solicitations
-- A page after a name, in the order of names.
-- $1 coordination, $2 after this name, $3 most rows
SELECT solicitation, organisation, sector, dematerialises, asked_on, asked_cents
  FROM solicitations
 WHERE coordination = $1
   AND solicitation > $2
 ORDER BY solicitation
 LIMIT $3;

-- name: rules_told
-- A page of rules after a slug, with the days the last word gives them, none where never enforced.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT rules.rule, rules.scope, rules.scope_id, rules.kind, rules.source, rules.share,
       rules.higher_share, rules.months, rules.amount_cents, rules.line_kind, rules.natures,
       last.enforced_from, last.enforced_until
  FROM rules
  LEFT JOIN LATERAL (SELECT rule_enforcements.enforced_from, rule_enforcements.enforced_until
                       FROM rule_enforcements
                      WHERE rule_enforcements.coordination = rules.coordination
                        AND rule_enforcements.rule = rules.rule
                      ORDER BY rule_enforcements.n DESC
                      LIMIT 1) AS last ON true
 WHERE rules.coordination = $1
   AND rules.rule > $2
 ORDER BY rules.rule
 LIMIT $3;

-- name: hold_rule
-- Hold a rule while its enforcement changes.
-- $1 coordination, $2 rule
SELECT rule
  FROM rules
 WHERE coordination = $1
   AND rule = $2
   FOR NO KEY UPDATE;

-- name: add_enforcement
-- Say from when to when a rule counts, unless it is what was said last.
-- $1 coordination, $2 rule, $3 first day, $4 last day or null, $5 instant
INSERT INTO rule_enforcements (coordination, rule, n, enforced_from, enforced_until, recorded_at)
SELECT $1, $2, coalesce(max(n), 0) + 1, $3::date, $4::date, $5::timestamptz
  FROM rule_enforcements
 WHERE coordination = $1
   AND rule = $2
HAVING (SELECT (last.enforced_from, last.enforced_until) IS NOT DISTINCT FROM ($3::date, $4::date)
          FROM rule_enforcements AS last
         WHERE last.coordination = $1
           AND last.rule = $2
         ORDER BY last.n DESC
         LIMIT 1) IS NOT TRUE;

-- name: add_answer
-- Write an answer to a contribution asked for; nothing when it is there already.
-- $1 coordination, $2 solicitation, $3 answer, $4 status, $5 day, $6 cents, $7 fund
INSERT INTO solicitation_answers (coordination, solicitation, answer, status, answered_on,
                                  amount_cents, fund)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: answers
-- What was answered to these, the latest last.
-- $1 coordination, $2 solicitations
SELECT solicitation, answer, status, answered_on, amount_cents, fund
  FROM solicitation_answers
 WHERE coordination = $1
   AND solicitation = ANY($2::text[])
 ORDER BY solicitation, answered_on, answer;

-- name: in_kind_total
-- What contributions in kind are worth together.
-- $1 coordination
SELECT coalesce(sum(value_cents), 0)::bigint
  FROM in_kind_contributions
 WHERE coordination = $1;

-- name: line_sums
-- What is committed on these lines, and what was paid on them by year.
-- $1 coordination, $2 lines
SELECT what, detail, amount_cents
  FROM tallies
 WHERE coordination = $1
   AND fund = ''
   AND ((what = 'line' AND detail = ANY($2::text[]))
        OR (what = 'line_paid' AND split_part(detail, '/', 1) = ANY($2::text[])))
 ORDER BY what, detail;
