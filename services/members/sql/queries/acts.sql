-- name: add_opinion
-- Record an adopted opinion; nothing when its id is taken.
-- $1 coordination, $2 opinion, $3 reference, $4 title, $5 day, $6 mode, $7 objections, $8 reservations, $9 version, $10 hash, $11 actions, $12 funds, $13 cents, $14 outcome, $15 session, $16 committee, $17 object, $18 which, $19 instant
INSERT INTO opinions (coordination, opinion_id, reference, title, adopted_on, mode, objections,
                      reservations, diagnostic_version, minutes_sha256, award_actions, award_funds,
                      award_cents, outcome, session_id, committee, object, object_reference,
                      recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    ON CONFLICT DO NOTHING
RETURNING opinion_id;

-- name: opinion
-- One opinion of a coordination.
-- $1 coordination, $2 opinion
SELECT coordination, opinion_id, reference, title, adopted_on, mode, objections, reservations,
       diagnostic_version, minutes_sha256, award_actions, award_funds, award_cents, outcome,
       session_id, committee, object, object_reference
  FROM opinions
 WHERE coordination = $1
   AND opinion_id = $2;

-- name: opinions
-- A page of a coordination's opinions by id, of one outcome, session and object or of all.
-- $1 coordination, $2 after this id, $3 most rows, $4 outcome or null, $5 session or null, $6 object or null
SELECT coordination, opinion_id, reference, title, adopted_on, mode, objections, reservations,
       diagnostic_version, minutes_sha256, award_actions, award_funds, award_cents, outcome,
       session_id, committee, object, object_reference
  FROM opinions
 WHERE coordination = $1
   AND opinion_id > $2
   AND ($4::text IS NULL OR outcome = $4)
   AND ($5::uuid IS NULL OR session_id = $5)
   AND ($6::text IS NULL OR object = $6)
 ORDER BY opinion_id
 LIMIT $3;

-- name: add_decision
-- Record a funder's decision; nothing when its id is taken.
-- $1 coordination, $2 decision, $3 funder, $4 body, $5 reference, $6 day, $7 enforceable since, $8 actions, $9 funds, $10 cents, $11 instant
INSERT INTO funder_decisions (coordination, decision_id, funder, body, reference, decided_on,
                              enforceable_since, award_actions, award_funds, award_cents,
                              recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT DO NOTHING
RETURNING decision_id;

-- name: decision
-- One funder's decision of a coordination.
-- $1 coordination, $2 decision
SELECT coordination, decision_id, funder, body, reference, decided_on, enforceable_since,
       award_actions, award_funds, award_cents
  FROM funder_decisions
 WHERE coordination = $1
   AND decision_id = $2;

-- name: decisions
-- A page of funders' decisions of a coordination by id, of one funder or of all.
-- $1 coordination, $2 after this id, $3 most rows, $4 funder or null
SELECT coordination, decision_id, funder, body, reference, decided_on, enforceable_since,
       award_actions, award_funds, award_cents
  FROM funder_decisions
 WHERE coordination = $1
   AND decision_id > $2
   AND ($4::text IS NULL OR funder = $4)
 ORDER BY decision_id
 LIMIT $3;
