-- name: has_person
-- Whether a person of a coordination is known, and not erased.
-- $1 coordination, $2 person
SELECT person_id
  FROM persons
 WHERE coordination = $1
   AND person_id = $2
   AND erased_at IS NULL;

-- name: add_person_seat
-- A person sits.
-- $1 coordination, $2 seat, $3 member, $4 committee or null, $5 person, $6 rank, $7 kind, $8 reason, $9 first day, $10 last day or null, $11 seat it continues or null, $12 end reason
INSERT INTO seats (coordination, seat_id, member_id, committee, person_id, rank, kind, reason,
                   valid_from, valid_until, continues, end_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: person_seat
-- One seat, whatever its coordination: the caller's right is checked on it.
-- $1 seat
SELECT coordination, seat_id, member_id, committee, person_id, rank, kind, reason, valid_from,
       valid_until, continues, end_reason
  FROM seats
 WHERE seat_id = $1;

-- name: named_seat
-- One seat with the name of the person.
-- $1 seat
SELECT s.coordination, s.seat_id, s.member_id, s.committee, s.person_id, p.name, s.rank, s.kind,
       s.reason, s.valid_from, s.valid_until, s.continues, s.end_reason
  FROM seats AS s
  JOIN persons AS p USING (person_id)
 WHERE s.seat_id = $1;

-- name: named_seats
-- A page of seats by id, of a member, a committee, a person, or on a day.
-- $1 coordination, $2 member or null, $3 committee or null, $4 person or null, $5 day or null, $6 after this id, $7 most rows
SELECT s.coordination, s.seat_id, s.member_id, s.committee, s.person_id, p.name, s.rank, s.kind,
       s.reason, s.valid_from, s.valid_until, s.continues, s.end_reason
  FROM seats AS s
  JOIN persons AS p USING (person_id)
 WHERE s.coordination = $1
   AND ($2::uuid IS NULL OR s.member_id = $2)
   AND ($3::text IS NULL OR s.committee = $3)
   AND ($4::uuid IS NULL OR s.person_id = $4)
   AND ($5::date IS NULL OR $5 BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity'))
   AND s.seat_id > $6
 ORDER BY s.seat_id
 LIMIT $7;

-- name: seats_beside
-- The seats that one may not meet: in its committee or its college, of its member or its person.
-- $1 coordination, $2 committee or null, $3 member, $4 person
SELECT coordination, seat_id, member_id, committee, person_id, rank, kind, reason, valid_from,
       valid_until, continues, end_reason
  FROM seats
 WHERE coordination = $1
   AND committee IS NOT DISTINCT FROM $2
   AND (member_id = $3 OR person_id = $4)
 ORDER BY seat_id;

-- name: seats_after
-- The seats that still have days after one, of a committee, a member, a kind, or by their ids.
-- $1 coordination, $2 committee or null, $3 member or null, $4 kind or null, $5 ids or null, $6 day, $7 most rows
SELECT coordination, seat_id, member_id, committee, person_id, rank, kind, reason, valid_from,
       valid_until, continues, end_reason
  FROM seats
 WHERE coordination = $1
   AND ($2::text IS NULL OR committee = $2)
   AND ($3::uuid IS NULL OR member_id = $3)
   AND ($4::text IS NULL OR kind = $4)
   AND ($5::uuid[] IS NULL OR seat_id = ANY($5))
   AND (valid_until IS NULL OR (valid_until > $6 AND valid_until >= valid_from))
 ORDER BY seat_id
 LIMIT $7;

-- name: count_seats_after
-- How many seats of a committee still have days after one.
-- $1 coordination, $2 committee, $3 day
SELECT count(*) AS seats
  FROM seats
 WHERE coordination = $1
   AND committee = $2
   AND (valid_until IS NULL OR (valid_until > $3 AND valid_until >= valid_from));

-- name: end_seats
-- Mandates end, each on its own last day.
-- $1 coordination, $2 seats, $3 their last days, $4 reason, $5 instant
UPDATE seats AS s
   SET valid_until = e.last_day, end_reason = $4, ended_at = $5
  FROM unnest($2::uuid[], $3::date[]) AS e (seat_id, last_day)
 WHERE s.coordination = $1
   AND s.seat_id = e.seat_id;

-- name: holders_of
-- How many holders of each kind a committee has on a day.
-- $1 coordination, $2 committee, $3 day
SELECT kind, count(*) AS holders
  FROM seats
 WHERE coordination = $1
   AND committee = $2
   AND rank = 'HOLDER'
   AND $3 BETWEEN valid_from AND coalesce(valid_until, 'infinity')
 GROUP BY kind
 ORDER BY kind;

-- name: elected_leads
-- Seats of elected holders, on a day, for confirmed members that lead.
-- $1 coordination, $2 day, $3 most rows
SELECT s.seat_id
  FROM seats AS s
  JOIN members AS m USING (member_id)
 WHERE s.coordination = $1
   AND s.rank = 'HOLDER'
   AND s.kind = 'ELECTED'
   AND $2 BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity')
   AND m.state = 'CONFIRMED'
   AND m.roles && ARRAY['LEAD', 'CO_LEAD']
 ORDER BY s.seat_id
 LIMIT $3;

-- name: add_renewal
-- Keep that seats were renewed, and the hash of what was asked.
-- $1 coordination, $2 renewal, $3 day, $4 hash, $5 ended, $6 taken, $7 instant
INSERT INTO renewals (coordination, renewal_id, effective_on, content_sha256, ended, taken,
                      recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: renewal
-- One renewal, whatever its coordination.
-- $1 renewal
SELECT coordination, renewal_id, effective_on, content_sha256, ended, taken
  FROM renewals
 WHERE renewal_id = $1;
