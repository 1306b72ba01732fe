-- name: add_session
-- Convene a session; nothing when its id is taken.
-- $1 coordination, $2 session, $3 committee, $4 title, $5 beginning, $6 place, $7 notice, $8 call, $9 first call, $10 state, $11 instant, $12 opened, $13 closed, $14 minutes, $15 urgency, $16 cancellation, $17 digest of what was asked
INSERT INTO sessions (coordination, session_id, committee, title, starts_at, place, notice_days,
                      call, first_call, state, convened_at, opened_at, closed_at, minutes_sha256,
                      urgent_reason, cancel_reason, asked_sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    ON CONFLICT (session_id) DO NOTHING
RETURNING session_id;

-- name: session
-- One session, whatever its coordination: the caller's right is checked on it.
-- $1 session
SELECT coordination, session_id, committee, title, starts_at, place, notice_days, call, first_call,
       state, convened_at, opened_at, closed_at, minutes_sha256, urgent_reason, cancel_reason,
       asked_sha256
  FROM sessions
 WHERE session_id = $1;

-- name: lock_session
-- The same, held until its step is written: proxies are counted and facts leave in order.
-- $1 session
SELECT coordination, session_id, committee, title, starts_at, place, notice_days, call, first_call,
       state, convened_at, opened_at, closed_at, minutes_sha256, urgent_reason, cancel_reason,
       asked_sha256
  FROM sessions
 WHERE session_id = $1
   FOR UPDATE;

-- name: sessions
-- A page of a coordination's sessions by their beginning, of one committee and state or of all.
-- $1 coordination, $2 committee or null, $3 state or null, $4 after this instant, $5 and this id, $6 most rows
SELECT coordination, session_id, committee, title, starts_at, place, notice_days, call, first_call,
       state, convened_at, opened_at, closed_at, minutes_sha256, urgent_reason, cancel_reason,
       asked_sha256
  FROM sessions
 WHERE coordination = $1
   AND ($2::text IS NULL OR committee = $2)
   AND ($3::text IS NULL OR state = $3)
   AND (starts_at, session_id) > ($4, $5::uuid)
 ORDER BY starts_at, session_id
 LIMIT $6;

-- name: session_after
-- The session that follows one without quorum.
-- $1 first call
SELECT session_id
  FROM sessions
 WHERE first_call = $1
   AND state <> 'CANCELLED';

-- name: move_session
-- Keep where a session stands.
-- $1 session, $2 state, $3 opened, $4 closed, $5 minutes, $6 cancellation
UPDATE sessions
   SET state = $2, opened_at = $3, closed_at = $4, minutes_sha256 = $5, cancel_reason = $6
 WHERE session_id = $1;

-- name: session_body
-- The committee of a session.
-- $1 coordination, $2 committee
SELECT committee, name, type, presenter_is_elected, state
  FROM committees
 WHERE coordination = $1
   AND committee = $2;

-- name: add_items
-- Write the agenda of a session.
-- $1 coordination, $2 session, $3 items, $4 titles, $5 kinds, $6 seats, $7 members, $8 documents of all, joined by a space
INSERT INTO agenda_items (coordination, session_id, item_id, position, title, kind, presenter_seat,
                          presenter_member, documents)
SELECT $1, $2, a.item_id, a.position, a.title, a.kind, a.seat, a.member,
       array_remove(string_to_array(a.documents, ' '), '')
  FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[])
       WITH ORDINALITY AS a (item_id, title, kind, seat, member, documents, position);

-- name: drop_items
-- Forget the agenda of a session, which another one replaces.
-- $1 session
DELETE FROM agenda_items
 WHERE session_id = $1;

-- name: items
-- The agenda of a session, in order.
-- $1 session
SELECT item_id, position, title, kind, presenter_seat, presenter_member, documents
  FROM agenda_items
 WHERE session_id = $1
 ORDER BY position;

-- name: meeting_seats
-- Seats of a coordination by id or by person, whatever the day.
-- $1 coordination, $2 seats, $3 persons
SELECT seat_id, member_id, person_id, committee, rank, kind, valid_from, valid_until
  FROM seats
 WHERE coordination = $1
   AND seat_id = ANY($2::uuid[])
 UNION
SELECT seat_id, member_id, person_id, committee, rank, kind, valid_from, valid_until
  FROM seats
 WHERE coordination = $1
   AND person_id = ANY($3::uuid[])
 ORDER BY seat_id;

-- name: roll_of_day
-- Who counts on a day, for a session as for a vote: confirmed members, those who only advise or
-- observe aside; in a committee that has seats that day, those alone who hold one.
-- $1 coordination, $2 committee or null, $3 day
SELECT m.member_id, m.organization, o.name, m.college, m.units
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.state = 'CONFIRMED'
   AND m.effective_on <= $3
   AND (m.roles = '{}' OR NOT m.roles <@ '{ADVISER,OBSERVER}')
   AND ($2::text IS NULL
        OR m.member_id IN (
            SELECT s.member_id
              FROM seats AS s
             WHERE s.coordination = $1
               AND s.committee = $2
               AND $3 BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity'))
        OR NOT EXISTS (
            SELECT
              FROM seats AS s
             WHERE s.coordination = $1
               AND s.committee = $2
               AND $3 BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity')))
 ORDER BY m.college, m.organization;

-- name: freeze_session_roll
-- Keep who counts for a session, as it opens.
-- $1 coordination, $2 session, $3 members, $4 colleges, $5 units
INSERT INTO session_rolls (coordination, session_id, member_id, college, units)
SELECT $1, $2, a.member_id, a.college, a.units
  FROM unnest($3::uuid[], $4::text[], $5::integer[]) AS a (member_id, college, units);

-- name: roll_of_session
-- Who counts for a session that opened.
-- $1 session
SELECT r.member_id, m.organization, o.name, r.college, r.units
  FROM session_rolls AS r
  JOIN members AS m USING (member_id)
  JOIN organizations AS o USING (organization)
 WHERE r.session_id = $1
 ORDER BY r.college, m.organization;

-- name: names_of_members
-- What members are called, whatever their state.
-- $1 coordination, $2 members
SELECT m.member_id, m.organization, o.name, m.college, m.units
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.member_id = ANY($2::uuid[])
 ORDER BY m.member_id;
