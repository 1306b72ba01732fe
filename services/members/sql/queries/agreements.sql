-- name: add_agreement
-- Write a draft; nothing when its id is taken.
-- $1 coordination, $2 agreement, $3 institution, $4 reference, $5 parties, $6 legal basis, $7 health data, $8 purposes, $9 publishes, $10 receives, $11 areas, $12 threshold, $13 first day, $14 last day, $15 months, $16 hash, $17 state, $18 signing day, $19 reason, $20 instant
INSERT INTO agreements (coordination, agreement_id, institution, reference, parties, legal_basis,
                        health_data, purposes, publishes, receives, areas, threshold, valid_from,
                        valid_until, retention_months, file_sha256, state, signed_on, end_reason,
                        drafted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT DO NOTHING
RETURNING agreement_id;

-- name: agreement
-- One agreement as it stands, whatever its coordination: the caller's right is checked on it.
-- $1 agreement
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason
  FROM agreements
 WHERE agreement_id = $1;

-- name: lock_agreement
-- The same, held until its step is written, so that its facts leave in the order of its steps.
-- $1 agreement
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason
  FROM agreements
 WHERE agreement_id = $1
   FOR UPDATE;

-- name: agreements
-- A page of a coordination's agreements by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason
  FROM agreements
 WHERE coordination = $1
   AND agreement_id > $2
 ORDER BY agreement_id
 LIMIT $3;

-- name: sign_agreement
-- A draft is signed.
-- $1 agreement, $2 signing day, $3 hash, $4 instant
UPDATE agreements
   SET state = 'SIGNED', signed_on = $2, file_sha256 = $3, signed_at = $4
 WHERE agreement_id = $1;

-- name: end_agreement
-- A signed agreement ends.
-- $1 agreement, $2 reason, $3 instant
UPDATE agreements
   SET state = 'ENDED', end_reason = $2, ended_at = $3
 WHERE agreement_id = $1;

-- name: add_licence
-- Record a licence; nothing when its slug is taken here.
-- $1 coordination, $2 licence, $3 producer, $4 label, $5 text, $6 vintage, $7 threshold, $8 institutions, $9 instant
INSERT INTO licences (coordination, licence, producer, label, text, vintage, threshold,
                      institutions, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
RETURNING licence;

-- name: licence
-- One licence of a coordination.
-- $1 coordination, $2 licence
SELECT coordination, licence, producer, label, text, vintage, threshold, institutions
  FROM licences
 WHERE coordination = $1
   AND licence = $2;
