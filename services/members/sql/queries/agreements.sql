-- name: add_agreement
-- Write a draft; nothing when its id is taken.
-- $1 coordination, $2 agreement, $3 institution, $4 reference, $5 parties, $6 legal basis, $7 health data, $8 purposes, $9 publishes, $10 receives, $11 areas, $12 threshold, $13 first day, $14 last day, $15 months, $16 hash, $17 roles, $18 legal text, $19 persons, $20 categories, $21 fields, $22 tier, $23 recipients, $24 DPIA, $25 register, $26 parties with an officer, $27 their contacts, $28 instant
INSERT INTO agreements (coordination, agreement_id, institution, reference, parties, legal_basis,
                        health_data, purposes, publishes, receives, areas, threshold, valid_from,
                        valid_until, retention_months, file_sha256, party_roles, legal_text,
                        persons_categories, data_categories, fields, tier, recipients,
                        dpia_reference, register_reference, dpo_parties, dpo_contacts, drafted_at,
                        state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, $27, $28, 'DRAFT')
    ON CONFLICT DO NOTHING
RETURNING agreement_id;

-- name: rewrite_agreement
-- A draft is written anew, whole.
-- $1 coordination, $2 agreement, $3 institution, $4 reference, $5 parties, $6 legal basis, $7 health data, $8 purposes, $9 publishes, $10 receives, $11 areas, $12 threshold, $13 first day, $14 last day, $15 months, $16 hash, $17 roles, $18 legal text, $19 persons, $20 categories, $21 fields, $22 tier, $23 recipients, $24 DPIA, $25 register, $26 parties with an officer, $27 their contacts
UPDATE agreements
   SET institution = $3, reference = $4, parties = $5, legal_basis = $6, health_data = $7,
       purposes = $8, publishes = $9, receives = $10, areas = $11, threshold = $12,
       valid_from = $13, valid_until = $14, retention_months = $15, file_sha256 = $16,
       party_roles = $17, legal_text = $18, persons_categories = $19, data_categories = $20,
       fields = $21, tier = $22, recipients = $23, dpia_reference = $24,
       register_reference = $25, dpo_parties = $26, dpo_contacts = $27
 WHERE coordination = $1
   AND agreement_id = $2;

-- name: agreement
-- One agreement as it stands, whatever its coordination: the caller's right is checked on it.
-- $1 agreement
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason, party_roles, legal_text, persons_categories,
       data_categories, fields, tier, recipients, dpia_reference, register_reference, dpo_parties,
       dpo_contacts, suspend_reason, summary_sha256,
       ARRAY(SELECT s.party
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_parties,
       ARRAY(SELECT s.signed_on
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_days
  FROM agreements
 WHERE agreement_id = $1;

-- name: lock_agreement
-- The same, held until its step is written, so that its facts leave in the order of its steps.
-- $1 agreement
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason, party_roles, legal_text, persons_categories,
       data_categories, fields, tier, recipients, dpia_reference, register_reference, dpo_parties,
       dpo_contacts, suspend_reason, summary_sha256,
       ARRAY(SELECT s.party
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_parties,
       ARRAY(SELECT s.signed_on
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_days
  FROM agreements
 WHERE agreement_id = $1
   FOR UPDATE;

-- name: agreements
-- A page of a coordination's agreements by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason, party_roles, legal_text, persons_categories,
       data_categories, fields, tier, recipients, dpia_reference, register_reference, dpo_parties,
       dpo_contacts, suspend_reason, summary_sha256,
       ARRAY(SELECT s.party
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_parties,
       ARRAY(SELECT s.signed_on
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_days
  FROM agreements
 WHERE coordination = $1
   AND agreement_id > $2
 ORDER BY agreement_id
 LIMIT $3;

-- name: sign_agreement
-- A draft is signed; what was read before signing is kept with it.
-- $1 agreement, $2 signing day, $3 hash, $4 instant, $5 summary, $6 hash of the summary
UPDATE agreements
   SET state = 'SIGNED', signed_on = $2, file_sha256 = $3, signed_at = $4, summary = $5,
       summary_sha256 = $6
 WHERE agreement_id = $1;

-- name: add_signature
-- One party signs a draft; nothing when it did.
-- $1 coordination, $2 agreement, $3 party, $4 signing day, $5 subject, $6 instant
INSERT INTO agreement_signatures (coordination, agreement_id, party, signed_on, recorded_by,
                                  recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING;

-- name: keep_file
-- The hash of the file that the parties sign.
-- $1 agreement, $2 hash
UPDATE agreements
   SET file_sha256 = $2
 WHERE agreement_id = $1;

-- name: suspend_agreement
-- A signed agreement opens nothing until it is resumed.
-- $1 agreement, $2 reason, $3 instant
UPDATE agreements
   SET state = 'SUSPENDED', suspend_reason = $2, suspended_at = $3
 WHERE agreement_id = $1;

-- name: resume_agreement
-- A suspended agreement opens again what it opened.
-- $1 agreement
UPDATE agreements
   SET state = 'SIGNED', suspend_reason = NULL, suspended_at = NULL
 WHERE agreement_id = $1;

-- name: summary
-- The summary that was signed.
-- $1 agreement
SELECT summary
  FROM agreements
 WHERE agreement_id = $1;

-- name: names_of_organizations
-- What the parties of an agreement are called, where they are known.
-- $1 organizations
SELECT organization, name
  FROM organizations
 WHERE organization = ANY($1::text[]);

-- name: ending_agreements
-- A page of the agreements in force, or suspended, that end before a day, by last day.
-- $1 coordination, $2 day, $3 after this agreement or null, $4 most rows
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason, party_roles, legal_text, persons_categories,
       data_categories, fields, tier, recipients, dpia_reference, register_reference, dpo_parties,
       dpo_contacts, suspend_reason, summary_sha256,
       ARRAY(SELECT s.party
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_parties,
       ARRAY(SELECT s.signed_on
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_days
  FROM agreements
 WHERE coordination = $1
   AND state IN ('SIGNED', 'SUSPENDED')
   AND valid_until <= $2
   AND ($3::uuid IS NULL
        OR (valid_until, agreement_id) > (SELECT last.valid_until, last.agreement_id
                                            FROM agreements AS last
                                           WHERE last.coordination = $1
                                             AND last.agreement_id = $3))
 ORDER BY valid_until, agreement_id
 LIMIT $4;

-- name: processing
-- A page of the agreements that were signed one day, by id: each is a line of the register.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, agreement_id, institution, reference, parties, legal_basis, health_data,
       purposes, publishes, receives, areas, threshold, valid_from, valid_until, retention_months,
       file_sha256, state, signed_on, end_reason, party_roles, legal_text, persons_categories,
       data_categories, fields, tier, recipients, dpia_reference, register_reference, dpo_parties,
       dpo_contacts, suspend_reason, summary_sha256,
       ARRAY(SELECT s.party
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_parties,
       ARRAY(SELECT s.signed_on
               FROM agreement_signatures AS s
              WHERE s.coordination = agreements.coordination
                AND s.agreement_id = agreements.agreement_id
              ORDER BY s.party) AS signed_days
  FROM agreements
 WHERE coordination = $1
   AND state <> 'DRAFT'
   AND agreement_id > $2
 ORDER BY agreement_id
 LIMIT $3;

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
