-- name: add_coordination
-- Found a coordination; nothing when its slug is taken, so that a retry is free.
-- $1 coordination, $2 name, $3 level, $4 siren, $5 communes, $6 instant
INSERT INTO coordinations (coordination, name, level, siren, communes, founded_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
RETURNING coordination;

-- name: coordination
-- One coordination.
-- $1 coordination
SELECT coordination, name, level, siren, communes
  FROM coordinations
 WHERE coordination = $1;

-- name: coordinations
-- A page of coordinations by slug; all of them, or the one that is given.
-- $1 only this one or null, $2 after this slug, $3 most rows
SELECT coordination, name, level, siren, communes
  FROM coordinations
 WHERE ($1::text IS NULL OR coordination = $1)
   AND coordination > $2
 ORDER BY coordination
 LIMIT $3;

-- name: add_organization
-- Describe an organisation; nothing when it is known.
-- $1 organization, $2 name, $3 kind, $4 siret, $5 siret is doubtful, $6 formerly
INSERT INTO organizations (organization, name, kind, siret, siret_is_doubtful, formerly)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING;

-- name: organization
-- One organisation.
-- $1 organization
SELECT organization, name, kind, siret, siret_is_doubtful, formerly
  FROM organizations
 WHERE organization = $1;

-- name: add_member
-- Give a seat; nothing when the organisation has one here or the id is taken.
-- $1 coordination, $2 member, $3 organization, $4 college, $5 section, $6 roles, $7 day, $8 state, $9 instant
INSERT INTO members (coordination, member_id, organization, college, section, roles, effective_on,
                     state, confirmed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
RETURNING member_id;

-- name: member
-- The seat of an organisation in a coordination.
-- $1 coordination, $2 organization
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, o.siret, o.siret_is_doubtful,
       o.formerly, m.college, m.section, m.roles, m.effective_on, m.state
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.organization = $2;

-- name: members
-- A page of members by organisation, of one college or of all.
-- $1 coordination, $2 college or null, $3 after this organization, $4 most rows
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, o.siret, o.siret_is_doubtful,
       o.formerly, m.college, m.section, m.roles, m.effective_on, m.state
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND ($2::text IS NULL OR m.college = $2)
   AND m.organization > $3
 ORDER BY m.organization
 LIMIT $4;

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

-- name: add_opinion
-- Record an adopted opinion; nothing when its id is taken.
-- $1 coordination, $2 opinion, $3 reference, $4 title, $5 day, $6 mode, $7 objections, $8 reservations, $9 version, $10 hash, $11 actions, $12 funds, $13 cents, $14 instant
INSERT INTO opinions (coordination, opinion_id, reference, title, adopted_on, mode, objections,
                      reservations, diagnostic_version, minutes_sha256, award_actions, award_funds,
                      award_cents, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT DO NOTHING
RETURNING opinion_id;

-- name: opinion
-- One opinion of a coordination.
-- $1 coordination, $2 opinion
SELECT coordination, opinion_id, reference, title, adopted_on, mode, objections, reservations,
       diagnostic_version, minutes_sha256, award_actions, award_funds, award_cents
  FROM opinions
 WHERE coordination = $1
   AND opinion_id = $2;

-- name: opinions
-- A page of a coordination's opinions by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, opinion_id, reference, title, adopted_on, mode, objections, reservations,
       diagnostic_version, minutes_sha256, award_actions, award_funds, award_cents
  FROM opinions
 WHERE coordination = $1
   AND opinion_id > $2
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
-- A page of funders' decisions of a coordination by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, decision_id, funder, body, reference, decided_on, enforceable_since,
       award_actions, award_funds, award_cents
  FROM funder_decisions
 WHERE coordination = $1
   AND decision_id > $2
 ORDER BY decision_id
 LIMIT $3;

-- name: put_client
-- Register a client, or bring its roles and keys to what is asked; it stays in its coordination.
-- $1 client, $2 coordination, $3 organization, $4 roles, $5 key, $6 next key, $7 instant
INSERT INTO clients (client_id, coordination, organization, roles, jwk, jwk_next, registered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (client_id) DO UPDATE
   SET organization = excluded.organization, roles = excluded.roles, jwk = excluded.jwk,
       jwk_next = excluded.jwk_next
 WHERE clients.coordination = excluded.coordination
RETURNING client_id;

-- name: client
-- One client and its public keys.
-- $1 client
SELECT client_id, coordination, organization, roles, jwk, jwk_next
  FROM clients
 WHERE client_id = $1;

-- name: forget_assertions
-- Drop some assertions that are over; those another request is dropping are left to it.
-- $1 instant, $2 most rows
DELETE FROM assertions
 WHERE (client_id, jti) IN (SELECT client_id, jti
                              FROM assertions
                             WHERE expires_at < $1
                             ORDER BY expires_at
                             LIMIT $2
                               FOR UPDATE SKIP LOCKED);

-- name: use_assertion
-- Use an assertion; nothing when it was used before.
-- $1 client, $2 jti, $3 end
INSERT INTO assertions (client_id, jti, expires_at)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
RETURNING jti;
