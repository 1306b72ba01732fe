-- name: put_partner
-- Admit an institution, or bring its name and way of answering to what is asked.
-- $1 institution, $2 name, $3 grouped answers, $4 instant
INSERT INTO partners (institution, name, answers_grouped, admitted_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (institution) DO UPDATE
   SET name = excluded.name,
       answers_grouped = excluded.answers_grouped;

-- name: rename_partner
-- Follow the name of an organisation that is an institution here.
-- $1 institution, $2 name
UPDATE partners
   SET name = $2
 WHERE institution = $1;

-- name: partners
-- Every institution admitted, and how it wants its answers.
SELECT institution, name, answers_grouped
  FROM partners
 ORDER BY institution;

-- name: add_coordinations
-- Remember coordinations that exist.
-- $1 slugs
INSERT INTO coordinations (coordination)
SELECT unnest($1::text[])
    ON CONFLICT DO NOTHING;

-- name: coordinations
-- Slugs that exist.
SELECT coordination
  FROM coordinations
 ORDER BY coordination;

-- name: put_agreement
-- Keep an agreement as it was signed; the same fact again changes nothing, an ended one stays so.
-- $1 agreement, $2 coordination, $3 institution, $4 purposes, $5 publishes, $6 receives, $7 areas, $8 threshold, $9 from, $10 until, $11 reference
INSERT INTO agreements (agreement_id, coordination, institution, purposes, publishes, receives,
                        areas, threshold, valid_from, valid_until, reference)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (agreement_id) DO NOTHING;

-- name: end_agreement
-- From now on it opens nothing.
-- $1 agreement
UPDATE agreements
   SET ended = true
 WHERE agreement_id = $1;

-- name: suspend_agreement
-- It opens nothing for now, or opens again what it opened.
-- $1 agreement, $2 whether it is suspended
UPDATE agreements
   SET suspended = $2
 WHERE agreement_id = $1;

-- name: agreements
-- Agreements that are neither ended nor suspended; their dates are checked by the rules.
SELECT agreement_id, coordination, institution, purposes, publishes, receives, areas, threshold,
       valid_from, valid_until, reference
  FROM agreements
 WHERE NOT ended
   AND NOT suspended
 ORDER BY agreement_id;

-- name: put_licence
-- Keep an open-data licence and who may bring data under it.
-- $1 coordination, $2 licence, $3 label, $4 threshold, $5 institutions
INSERT INTO licences (coordination, licence, label, threshold, institutions)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (coordination, licence) DO UPDATE
   SET label = excluded.label,
       threshold = excluded.threshold,
       institutions = excluded.institutions;

-- name: licences
-- Every licence recorded.
SELECT coordination, licence, label, threshold, institutions
  FROM licences
 ORDER BY coordination, licence;

-- name: add_receipts
-- One line per message, whatever becomes of it.
-- $1 receipts, $2 coordinations, $3 institutions, $4 signals, $5 kinds, $6 areas, $7 event ids, $8 sequences, $9 statuses, $10 codes, $11 fields, $12 details, $13 fingerprints, $14 instants, $15 agreements or licences
INSERT INTO receipts (receipt, coordination, institution, signal_id, kind, area, ce_id, in_seq,
                      status, code, field, detail, fingerprint, received_at, opened_by)
SELECT receipt, coordination, institution, signal_id, kind, area, ce_id, in_seq,
       status, code, field, detail, fingerprint, received_at, opened_by
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
              $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
              $14::timestamptz[], $15::text[])
       AS a (receipt, coordination, institution, signal_id, kind, area, ce_id, in_seq, status,
             code, field, detail, fingerprint, received_at, opened_by)
    ON CONFLICT (receipt) DO NOTHING;

-- name: decide_receipts
-- Write what became of messages that were kept.
-- $1 receipts, $2 statuses, $3 codes, $4 fields, $5 details, $6 instant
UPDATE receipts
   SET status = a.status,
       code = a.code,
       field = a.field,
       detail = a.detail,
       decided_at = $6
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
       AS a (receipt, status, code, field, detail)
 WHERE receipts.receipt = a.receipt
RETURNING receipts.receipt, receipts.opened_by;

-- name: add_tallies
-- Count what became of messages, by partner and code, so that no page counts receipts.
-- $1 coordinations, $2 institutions, $3 statuses, $4 codes, $5 counts, $6 instant
INSERT INTO tallies (coordination, institution, status, code, n, last_at)
SELECT a.coordination, a.institution, a.status, a.code, a.n, $6
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
       AS a (coordination, institution, status, code, n)
    ON CONFLICT (coordination, institution, status, code) DO UPDATE
   SET n = tallies.n + excluded.n,
       last_at = excluded.last_at;

-- name: tallies
-- What became of a coordination's messages.
-- $1 coordination
SELECT institution, status, code, n, last_at
  FROM tallies
 WHERE coordination = $1
 ORDER BY institution, status, code;

-- name: signal
-- The latest receipt of a signal; an institution sees its own alone.
-- $1 coordination, $2 signal, $3 institution or null
SELECT receipt, institution, signal_id, kind, area, status, code, field, detail, received_at
  FROM receipts
 WHERE coordination = $1
   AND signal_id = $2
   AND ($3::text IS NULL OR institution = $3)
 ORDER BY receipt DESC
 LIMIT 1;

-- name: recent
-- The latest receipts, newest first; an institution sees its own alone.
-- $1 coordination, $2 before this receipt or null, $3 most rows, $4 institution or null
SELECT receipt, institution, signal_id, kind, area, status, code, field, detail, received_at
  FROM receipts
 WHERE coordination = $1
   AND ($2::uuid IS NULL OR receipt < $2)
   AND ($4::text IS NULL OR institution = $4)
 ORDER BY receipt DESC
 LIMIT $3;

-- name: ask_erasure
-- These raw messages must leave the stream.
-- $1 sequences, $2 instant
INSERT INTO erasures (in_seq, asked_at)
SELECT unnest($1::bigint[]), $2
    ON CONFLICT DO NOTHING;

-- name: erasures
-- Raw messages still to be erased.
SELECT in_seq
  FROM erasures
 ORDER BY in_seq
 LIMIT 500;

-- name: erased
-- A raw message has left the stream.
-- $1 sequence
DELETE FROM erasures
 WHERE in_seq = $1;
