-- name: add_person
-- Record a person; nothing when its id is taken.
-- $1 coordination, $2 person, $3 organization, $4 name, $5 e-mail, $6 phone, $7 instant
INSERT INTO persons (coordination, person_id, organization, name, email, phone, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING person_id;

-- name: person
-- One person of a coordination.
-- $1 coordination, $2 person
SELECT coordination, person_id, organization, name, email, phone, recorded_at, erased_at
  FROM persons
 WHERE coordination = $1
   AND person_id = $2;

-- name: lock_person
-- The same, held until what is written about it is written.
-- $1 coordination, $2 person
SELECT coordination, person_id, organization, name, email, phone, recorded_at, erased_at
  FROM persons
 WHERE coordination = $1
   AND person_id = $2
   FOR UPDATE;

-- name: persons
-- A page of a coordination's persons by id, of one organisation or of all.
-- $1 coordination, $2 organization or null, $3 after this id, $4 most rows
SELECT coordination, person_id, organization, name, email, phone, recorded_at, erased_at
  FROM persons
 WHERE coordination = $1
   AND ($2::text IS NULL OR organization = $2)
   AND person_id > $3
 ORDER BY person_id
 LIMIT $4;

-- name: rectify_person
-- Bring a person's record to what it must hold; what it held is kept nowhere.
-- $1 coordination, $2 person, $3 organization, $4 name, $5 e-mail, $6 phone
UPDATE persons
   SET organization = $3, name = $4, email = $5, phone = $6
 WHERE coordination = $1
   AND person_id = $2;

-- name: add_person_changes
-- Keep which fields were changed, by whom and when.
-- $1 coordination, $2 person, $3 fields, $4 subject, $5 instant
INSERT INTO person_changes (coordination, person_id, field, changed_by, changed_at)
SELECT $1, $2, field, $4, $5
  FROM unnest($3::text[]) AS field;

-- name: person_changes
-- What was changed of a person's record, the latest first.
-- $1 coordination, $2 person, $3 most rows
SELECT field, changed_by, changed_at
  FROM person_changes
 WHERE coordination = $1
   AND person_id = $2
 ORDER BY number DESC
 LIMIT $3;

-- name: bind_subject
-- Say who a person is to those who check tokens; a new key replaces the one before.
-- $1 coordination, $2 subject, $3 person, $4 key, $5 instant
INSERT INTO subjects (coordination, subject, person_id, jwk, bound_at)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (coordination, subject) DO UPDATE
   SET jwk = excluded.jwk, bound_at = excluded.bound_at
 WHERE subjects.person_id = excluded.person_id
RETURNING subject;

-- name: subject
-- Who a subject is in a coordination.
-- $1 coordination, $2 subject
SELECT subject, person_id, jwk, bound_at
  FROM subjects
 WHERE coordination = $1
   AND subject = $2;

-- name: subjects_of_person
-- The names that tokens give a person.
-- $1 coordination, $2 person, $3 most rows
SELECT subject, person_id, jwk, bound_at
  FROM subjects
 WHERE coordination = $1
   AND person_id = $2
 ORDER BY subject
 LIMIT $3;

-- name: person_with_a_key
-- A person that may sign assertions, as a client without roles of its own: they are derived.
-- $1 subject
SELECT subject AS client_id, coordination, NULL::text AS organization, '{}'::text[] AS roles, jwk,
       NULL::text AS jwk_next
  FROM subjects
 WHERE subject = $1
   AND jwk IS NOT NULL;

-- name: rights_of_person
-- The rights that a person was given here, those that were taken too.
-- $1 coordination, $2 person, $3 most rows
SELECT r.role, r.organization, r.origin, r.granted_at, r.revoked_at
  FROM subjects AS s
  JOIN rights AS r
    ON r.coordination = s.coordination AND r.subject = s.subject
 WHERE s.coordination = $1
   AND s.person_id = $2
 ORDER BY r.granted_at, r.role
 LIMIT $3;

-- name: mandates_of_person
-- The seats that a person has or had.
-- $1 coordination, $2 person, $3 most rows
SELECT t.seat_id AS id, m.organization, t.committee, t.rank, t.kind, t.valid_from, t.valid_until
  FROM seats AS t
  JOIN members AS m
    ON m.member_id = t.member_id
 WHERE t.coordination = $1
   AND t.person_id = $2
 ORDER BY t.valid_from, t.seat_id
 LIMIT $3;

-- name: erase_person
-- Keep the id of a person and nothing else of it.
-- $1 coordination, $2 person, $3 instant
UPDATE persons
   SET organization = NULL, name = NULL, email = NULL, phone = NULL, erased_at = $3
 WHERE coordination = $1
   AND person_id = $2;

-- name: forget_person_changes
-- Drop the history of a person's record with the record.
-- $1 coordination, $2 person
DELETE FROM person_changes
 WHERE coordination = $1
   AND person_id = $2;

-- name: forget_person_assertions
-- Drop the assertions of a person's keys.
-- $1 coordination, $2 person
DELETE FROM assertions
 WHERE client_id IN (SELECT subject
                       FROM subjects
                      WHERE coordination = $1
                        AND person_id = $2
                        AND jwk IS NOT NULL);

-- name: revoke_rights_of_person
-- Take every right of a person here.
-- $1 coordination, $2 person, $3 instant
UPDATE rights
   SET revoked_at = $3
 WHERE coordination = $1
   AND revoked_at IS NULL
   AND subject IN (SELECT subject
                     FROM subjects
                    WHERE coordination = $1
                      AND person_id = $2);

-- name: forget_subjects
-- Drop the keys of a person and the link between it and the names tokens gave it.
-- $1 coordination, $2 person
DELETE FROM subjects
 WHERE coordination = $1
   AND person_id = $2;

-- name: end_mandates
-- End what a person still sits in; a mandate that did not begin ends the day before it would have.
-- $1 coordination, $2 person, $3 today, $4 reason, $5 instant
UPDATE seats
   SET valid_until = greatest($3::date, valid_from) - 1, end_reason = $4, ended_at = $5
 WHERE coordination = $1
   AND person_id = $2
   AND (valid_until IS NULL OR valid_until >= $3)
RETURNING seat_id, member_id, committee, valid_until;

-- name: forget_contacts_of_person
-- Nobody is reached through a person that is erased.
-- $1 coordination, $2 person
DELETE FROM organization_contacts
 WHERE coordination = $1
   AND person_id = $2;

-- name: contacts_of_person
-- The organisations that are reached through a person.
-- $1 coordination, $2 person, $3 most rows
SELECT organization
  FROM organization_contacts
 WHERE coordination = $1
   AND person_id = $2
 ORDER BY organization
 LIMIT $3;

-- name: relays_of_person
-- The relays that a person is.
-- $1 coordination, $2 person, $3 most rows
SELECT relay_id
  FROM relays
 WHERE coordination = $1
   AND person_id = $2
 ORDER BY relay_id
 LIMIT $3;

-- name: attendances_of_person
-- When a person was in the room, by its seats.
-- $1 coordination, $2 person, $3 most rows
SELECT a.session_id AS session, a.present_from, a.left_at
  FROM seats AS t
  JOIN attendances AS a
    ON a.coordination = t.coordination AND a.attendee = t.seat_id
 WHERE t.coordination = $1
   AND t.person_id = $2
 ORDER BY a.present_from, a.session_id
 LIMIT $3;

-- name: mandates_ended_before
-- The seats of a person that ended on the eve of a day, or were to begin on it or later.
-- $1 coordination, $2 person, $3 day
SELECT seat_id
  FROM seats
 WHERE coordination = $1
   AND person_id = $2
   AND valid_until = greatest($3::date, valid_from) - 1
 ORDER BY seat_id;
