-- name: attendances
-- Who was in the room, when.
-- $1 session
SELECT attendee, present_from, member_id, seat_id, rank, kind, left_at
  FROM attendances
 WHERE session_id = $1
 ORDER BY attendee, present_from;

-- name: put_attendances
-- Keep who is in the room; one that is known gets the hour it left.
-- $1 coordination, $2 session, $3 attendees, $4 arrivals, $5 members, $6 seats, $7 ranks, $8 kinds, $9 departures, $10 instant
INSERT INTO attendances (coordination, session_id, attendee, present_from, member_id, seat_id, rank,
                         kind, left_at, recorded_at)
SELECT $1, $2, a.attendee, a.present_from, a.member_id, a.seat_id, a.rank, a.kind, a.left_at, $10
  FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
              $9::timestamptz[])
       AS a (attendee, present_from, member_id, seat_id, rank, kind, left_at)
    ON CONFLICT (coordination, session_id, attendee, present_from) DO UPDATE
   SET left_at = excluded.left_at;

-- name: put_proxy
-- Keep a proxy; one that was revoked may be given again, to anyone.
-- $1 coordination, $2 session, $3 giver, $4 holder, $5 day, $6 instant
INSERT INTO proxies (coordination, session_id, giver, holder, given_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (coordination, session_id, giver) DO UPDATE
   SET holder = excluded.holder, given_on = excluded.given_on,
       recorded_at = excluded.recorded_at, revoked_at = NULL;

-- name: revoke_proxy
-- A proxy no longer counts.
-- $1 session, $2 giver, $3 instant
UPDATE proxies
   SET revoked_at = $3
 WHERE session_id = $1
   AND giver = $2;

-- name: proxies
-- The proxies of a session, by giver.
-- $1 session
SELECT giver, holder, given_on, revoked_at
  FROM proxies
 WHERE session_id = $1
 ORDER BY giver;

-- name: add_minutes
-- Write a version of the minutes.
-- $1 coordination, $2 session, $3 version, $4 text, $5 hash, $6 hash it corrects, $7 digest of what was asked, $8 reason, $9 instant
INSERT INTO minutes (coordination, session_id, version, text, sha256, corrects_sha256, asked_sha256,
                     reason, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: minutes
-- A version of a session's minutes, the last one when none is asked for.
-- $1 session, $2 version or null
SELECT version, text, sha256, corrects_sha256, asked_sha256, reason, made_at
  FROM minutes
 WHERE session_id = $1
   AND ($2::integer IS NULL OR version = $2)
 ORDER BY version DESC
 LIMIT 1;

-- name: minutes_versions
-- Every version of a session's minutes, without their texts.
-- $1 session
SELECT version, '' AS text, sha256, corrects_sha256, asked_sha256, reason, made_at
  FROM minutes
 WHERE session_id = $1
 ORDER BY version;

-- name: sign_minutes
-- Keep a signature; nothing when the subject signed this version.
-- $1 coordination, $2 session, $3 version, $4 subject, $5 quality, $6 instant
INSERT INTO minutes_signatures (coordination, session_id, version, subject, quality, signed_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
RETURNING version;

-- name: signatures
-- Who signed each version of a session's minutes.
-- $1 session
SELECT version, subject, quality, signed_at
  FROM minutes_signatures
 WHERE session_id = $1
 ORDER BY version, signed_at, subject;

-- name: opinions_of_session
-- What was adopted or rejected in a session.
-- $1 session
SELECT coordination, opinion_id, reference, title, adopted_on, mode, objections, reservations,
       diagnostic_version, minutes_sha256, award_actions, award_funds, award_cents, outcome,
       session_id, committee, object, object_reference
  FROM opinions
 WHERE session_id = $1
 ORDER BY recorded_at, opinion_id;

-- name: rhythm_of_committees
-- When each active committee with a frequency last met, and whether it is convened.
-- $1 coordination or null for all, $2 instant, $3 after this coordination, $4 and this committee, $5 most rows
SELECT c.coordination, c.committee, c.name, c.since, c.meets_every_days,
       (SELECT max(s.starts_at)
          FROM sessions AS s
         WHERE s.coordination = c.coordination
           AND s.committee = c.committee
           AND s.state = 'HELD') AS last_met_at,
       (SELECT min(s.starts_at)
          FROM sessions AS s
         WHERE s.coordination = c.coordination
           AND s.committee = c.committee
           AND s.state = 'CONVENED'
           AND s.starts_at >= $2) AS convened_for
  FROM committees AS c
 WHERE ($1::text IS NULL OR c.coordination = $1)
   AND c.state = 'ACTIVE'
   AND c.meets_every_days IS NOT NULL
   AND (c.coordination, c.committee) > ($3, $4)
 ORDER BY c.coordination, c.committee
 LIMIT $5;

-- name: add_lateness
-- Keep that a missed period is told; nothing when it was.
-- $1 coordination, $2 committee, $3 day it was due, $4 instant
INSERT INTO lateness_told (coordination, committee, due_on, told_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
RETURNING committee;

-- name: ending_mandates
-- Mandates that end by a day, of confirmed members.
-- $1 coordination, $2 first day, $3 last day, $4 most rows
SELECT s.seat_id, s.member_id, s.committee, s.valid_until AS ends_on
  FROM seats AS s
  JOIN members AS m USING (member_id)
 WHERE s.coordination = $1
   AND m.state = 'CONFIRMED'
   AND s.valid_until BETWEEN $2 AND $3
 ORDER BY s.valid_until, s.seat_id
 LIMIT $4;
