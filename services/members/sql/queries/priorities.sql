-- name: remarks
-- Objections and reservations of some opinions, as they were worded.
-- $1 coordination, $2 opinions
SELECT opinion_id, kind, member_id, text
  FROM opinion_remarks
 WHERE coordination = $1
   AND opinion_id = ANY($2::uuid[])
 ORDER BY opinion_id, position;

-- name: add_remarks
-- Keep the objections and reservations of an opinion.
-- $1 coordination, $2 opinion, $3 kinds, $4 members, $5 texts
INSERT INTO opinion_remarks (coordination, opinion_id, position, kind, member_id, text)
SELECT $1, $2, a.position, a.kind, a.member_id, a.text
  FROM unnest($3::text[], $4::uuid[], $5::text[]) WITH ORDINALITY
       AS a (kind, member_id, text, position);

-- name: add_prioritisation
-- Open a ballot on priorities; nothing when its id is taken.
-- $1 coordination, $2 ballot, $3 title, $4 committee, $5 actions, $6 colleges, $7 weights, $8 end, $9 instant, $10 close
INSERT INTO prioritisations (coordination, prioritisation_id, title, committee, actions, colleges,
                             weights, closes_at, opened_at, closed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING
RETURNING prioritisation_id;

-- name: prioritisation
-- One ballot on priorities, whatever its coordination: the caller's right is checked on it.
-- $1 ballot
SELECT coordination, prioritisation_id, title, committee, actions, colleges, weights, closes_at,
       opened_at, closed_at
  FROM prioritisations
 WHERE prioritisation_id = $1;

-- name: lock_prioritisation
-- The same, held so that no ranking comes after the close.
-- $1 ballot
SELECT coordination, prioritisation_id, title, committee, actions, colleges, weights, closes_at,
       opened_at, closed_at
  FROM prioritisations
 WHERE prioritisation_id = $1
   FOR UPDATE;

-- name: prioritisations
-- A page of a coordination's ballots on priorities by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, prioritisation_id, title, committee, actions, colleges, weights, closes_at,
       opened_at, closed_at
  FROM prioritisations
 WHERE coordination = $1
   AND prioritisation_id > $2
 ORDER BY prioritisation_id
 LIMIT $3;

-- name: close_prioritisation
-- No ranking is taken any more.
-- $1 ballot, $2 instant
UPDATE prioritisations
   SET closed_at = $2
 WHERE prioritisation_id = $1;

-- name: put_ranking
-- Keep the last ranking of a member; the same again is the same.
-- $1 coordination, $2 ballot, $3 member, $4 college, $5 actions, $6 instant
INSERT INTO rankings (coordination, prioritisation_id, member_id, college, actions, times,
                      recorded_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
    ON CONFLICT (coordination, prioritisation_id, member_id) DO UPDATE
   SET actions = excluded.actions,
       times = rankings.times + (rankings.actions <> excluded.actions)::integer,
       recorded_at = excluded.recorded_at
RETURNING times;

-- name: rankings
-- The last ranking of each member.
-- $1 ballot
SELECT member_id, college, actions, times
  FROM rankings
 WHERE prioritisation_id = $1
 ORDER BY member_id;

-- name: last_definition
-- The highest version of a coordination's definition, of which the next one is written.
-- $1 coordination
SELECT coalesce(max(version), 0) AS version
  FROM definitions
 WHERE coordination = $1;

-- name: lock_home
-- Hold a coordination while a version is numbered.
-- $1 coordination
SELECT coordination
  FROM coordinations
 WHERE coordination = $1
   FOR NO KEY UPDATE;

-- name: add_definition
-- Write a version of the definition; nothing when its id is taken.
-- $1 coordination, $2 definition, $3 version, $4 text, $5 hash, $6 opinion, $7 day, $8 instant
INSERT INTO definitions (coordination, definition_id, version, text, text_sha256, opinion_id,
                         adopted_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (definition_id) DO NOTHING
RETURNING definition_id;

-- name: definition
-- One definition, whatever its coordination: the caller's right is checked on it.
-- $1 definition
SELECT coordination, definition_id, version, text, text_sha256, opinion_id, adopted_on
  FROM definitions
 WHERE definition_id = $1;

-- name: lock_definition
-- The same, held until it is adopted.
-- $1 definition
SELECT coordination, definition_id, version, text, text_sha256, opinion_id, adopted_on
  FROM definitions
 WHERE definition_id = $1
   FOR UPDATE;

-- name: definitions
-- A page of a coordination's definitions by version.
-- $1 coordination, $2 after this version, $3 most rows
SELECT coordination, definition_id, version, text, text_sha256, opinion_id, adopted_on
  FROM definitions
 WHERE coordination = $1
   AND version > $2
 ORDER BY version
 LIMIT $3;

-- name: definition_in_force
-- The adopted version of the highest number.
-- $1 coordination
SELECT coordination, definition_id, version, text, text_sha256, opinion_id, adopted_on
  FROM definitions
 WHERE coordination = $1
   AND opinion_id IS NOT NULL
 ORDER BY version DESC
 LIMIT 1;

-- name: adopt_definition
-- An opinion adopted a version.
-- $1 definition, $2 opinion, $3 day
UPDATE definitions
   SET opinion_id = $2, adopted_on = $3
 WHERE definition_id = $1;

-- name: add_validation
-- Record a validation by another body; nothing when its id is taken.
-- $1 coordination, $2 validation, $3 opinion, $4 body, $5 reference, $6 day, $7 instant
INSERT INTO external_validations (coordination, validation_id, opinion_id, body, reference,
                                  validated_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING validation_id;

-- name: validation
-- One validation of a coordination.
-- $1 coordination, $2 validation
SELECT coordination, validation_id, opinion_id, body, reference, validated_on
  FROM external_validations
 WHERE coordination = $1
   AND validation_id = $2;

-- name: validations
-- A page of a coordination's validations by id, of one opinion or of all.
-- $1 coordination, $2 opinion or null, $3 after this id, $4 most rows
SELECT coordination, validation_id, opinion_id, body, reference, validated_on
  FROM external_validations
 WHERE coordination = $1
   AND ($2::uuid IS NULL OR opinion_id = $2)
   AND validation_id > $3
 ORDER BY validation_id
 LIMIT $4;

-- name: lead_times
-- Days from the convocation of a session to what it adopted; a second call counts from the first.
-- $1 coordination, $2 after this opinion, $3 most rows
SELECT o.opinion_id, o.title, s.session_id,
       (coalesce(f.convened_at, s.convened_at) AT TIME ZONE 'Europe/Paris')::date AS convened_on,
       o.adopted_on
  FROM opinions AS o
  JOIN sessions AS s USING (session_id)
  LEFT JOIN sessions AS f ON f.session_id = s.first_call
 WHERE o.coordination = $1
   AND o.outcome = 'ADOPTED'
   AND o.opinion_id > $2
 ORDER BY o.opinion_id
 LIMIT $3;

-- name: lead_time_figures
-- How many opinions were adopted in session, and the lower median of their days.
-- $1 coordination
SELECT count(s.session_id) AS found,
       percentile_disc(0.5) WITHIN GROUP (
           ORDER BY o.adopted_on
                    - (coalesce(f.convened_at, s.convened_at) AT TIME ZONE 'Europe/Paris')::date
       ) AS median_days
  FROM opinions AS o
  JOIN sessions AS s USING (session_id)
  LEFT JOIN sessions AS f ON f.session_id = s.first_call
 WHERE o.coordination = $1
   AND o.outcome = 'ADOPTED';

-- name: rolls_of_sessions
-- Who was on the roll of some sessions, who came, and whose proxy stood.
-- $1 sessions
SELECT r.session_id, r.member_id, r.college,
       EXISTS (SELECT
                 FROM attendances AS a
                WHERE a.session_id = r.session_id
                  AND a.member_id = r.member_id) AS came,
       EXISTS (SELECT
                 FROM proxies AS p
                WHERE p.session_id = r.session_id
                  AND p.giver = r.member_id
                  AND p.revoked_at IS NULL) AS gave
  FROM session_rolls AS r
 WHERE r.session_id = ANY($1::uuid[])
 ORDER BY r.session_id, r.member_id;

-- name: held_before
-- The last session held before one of the same body.
-- $1 coordination, $2 committee or null, $3 instant, $4 session
SELECT session_id
  FROM sessions
 WHERE coordination = $1
   AND committee IS NOT DISTINCT FROM $2
   AND state = 'HELD'
   AND (starts_at, session_id) < ($3, $4::uuid)
 ORDER BY starts_at DESC, session_id DESC
 LIMIT 1;
