-- name: hold_partner
-- One institution, held while its keys change.
-- $1 institution
SELECT institution, name, answers_grouped
  FROM partners
 WHERE institution = $1
   FOR UPDATE;

-- name: keys
-- Every key that may still open something, and those of one institution that no longer do.
-- $1 institution or null
SELECT institution, key_id, use, jwk, registered_at, expires_at, last_used_at, revoked_at
  FROM keys
 WHERE ($1::text IS NULL AND revoked_at IS NULL)
    OR institution = $1
 ORDER BY institution, revoked_at IS NOT NULL, registered_at, key_id;

-- name: add_key
-- Register a key; nothing when it is known, whoever's it is.
-- $1 institution, $2 key, $3 use, $4 JWK or null, $5 instant, $6 end
INSERT INTO keys (institution, key_id, use, jwk, registered_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (key_id) DO NOTHING
RETURNING key_id;

-- name: revoke_keys
-- From now on these keys open nothing; those revoked before keep their instant.
-- $1 institution, $2 keys, $3 instant
UPDATE keys
   SET revoked_at = $3
 WHERE institution = $1
   AND key_id = ANY($2::text[])
   AND revoked_at IS NULL
RETURNING key_id;

-- name: last_revocation
-- When a key that opens tokens to an institution's system was last revoked.
-- $1 institution
SELECT max(revoked_at) AS revoked_at
  FROM keys
 WHERE institution = $1
   AND use = 'http';

-- name: see_keys
-- Keys that were seen in use; written again after some minutes only.
-- $1 keys, $2 instant, $3 written before this one
UPDATE keys
   SET last_used_at = $2
 WHERE key_id = ANY($1::text[])
   AND (last_used_at IS NULL OR last_used_at < $3);

-- name: add_invitation
-- Invite an institution; nothing when the id is taken.
-- $1 invitation, $2 institution, $3 name, $4 hash of the code, $5 subject, $6 instant, $7 end
INSERT INTO invitations (invitation_id, institution, name, code_sha256, invited_by, invited_at,
                         expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (invitation_id) DO NOTHING
RETURNING invitation_id;

-- name: hold_invitation
-- One invitation, held until its step is written.
-- $1 invitation
SELECT invitation_id, institution, name, code_sha256, invited_by, invited_at, expires_at, used_at
  FROM invitations
 WHERE invitation_id = $1
   FOR UPDATE;

-- name: hold_invitation_of_code
-- The invitation a code opens, held until it is used.
-- $1 hash of the code
SELECT invitation_id, institution, name, code_sha256, invited_by, invited_at, expires_at, used_at
  FROM invitations
 WHERE code_sha256 = $1
   FOR UPDATE;

-- name: replace_code
-- Give an invitation another code; the one before opens nothing more.
-- $1 invitation, $2 hash of the code
UPDATE invitations
   SET code_sha256 = $2
 WHERE invitation_id = $1;

-- name: use_invitation
-- A code served.
-- $1 invitation, $2 instant
UPDATE invitations
   SET used_at = $2
 WHERE invitation_id = $1;

-- name: told_keys
-- What the tokens' service was last told.
SELECT institution, coordination, fingerprint
  FROM told_keys
 ORDER BY institution, coordination;

-- name: tell_keys
-- Note what the tokens' service is told; nothing when it was told the same already.
-- $1 institution, $2 coordination, $3 fingerprint, $4 instant
INSERT INTO told_keys (institution, coordination, fingerprint, told_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (institution, coordination) DO UPDATE
   SET fingerprint = excluded.fingerprint,
       told_at = excluded.told_at
 WHERE told_keys.fingerprint <> excluded.fingerprint
RETURNING fingerprint;

-- name: rights_in_force
-- The NATS rights of each institution that every server took up last.
-- $1 institution or null
SELECT institution, fingerprint
  FROM rights_in_force
 WHERE $1::text IS NULL
    OR institution = $1
 ORDER BY institution;

-- name: put_rights_in_force
-- Every server took these rights up.
-- $1 institutions, $2 fingerprints, $3 instant
INSERT INTO rights_in_force (institution, fingerprint, in_force_at)
SELECT institution, fingerprint, $3
  FROM unnest($1::text[], $2::text[]) AS a (institution, fingerprint)
    ON CONFLICT (institution) DO UPDATE
   SET fingerprint = excluded.fingerprint,
       in_force_at = excluded.in_force_at
 WHERE rights_in_force.fingerprint <> excluded.fingerprint;

-- name: add_conformance_run
-- A system begins to show what it can do.
-- $1 run, $2 institution, $3 subject, $4 instant
INSERT INTO conformance_runs (run_id, institution, started_by, started_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (run_id) DO NOTHING
RETURNING run_id;

-- name: conformance_run
-- One run, held until its result is written.
-- $1 run
SELECT run_id, institution, started_by, started_at, ended_at, passed, steps
  FROM conformance_runs
 WHERE run_id = $1
   FOR UPDATE;

-- name: last_conformance_run
-- The last run of an institution that came to its end.
-- $1 institution
SELECT run_id, institution, started_by, started_at, ended_at, passed, steps
  FROM conformance_runs
 WHERE institution = $1
   AND ended_at IS NOT NULL
 ORDER BY run_id DESC
 LIMIT 1;

-- name: end_conformance_run
-- What was seen of the system.
-- $1 run, $2 instant, $3 whether all passed, $4 steps as JSON
UPDATE conformance_runs
   SET ended_at = $2,
       passed = $3,
       steps = $4
 WHERE run_id = $1;

-- name: seen_since
-- What became of an institution's messages in a coordination since an instant, a bounded number.
-- $1 coordination, $2 institution, $3 receipts from this one, $4 instant, $5 most rows
SELECT signal_id, status, code, detail
  FROM receipts
 WHERE coordination = $1
   AND institution = $2
   AND receipt >= $3
   AND received_at >= $4
 ORDER BY receipt
 LIMIT $5;
