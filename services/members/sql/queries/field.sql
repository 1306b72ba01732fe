-- name: forget_responsibilities
-- Drop the matrix of a coordination, which another replaces.
-- $1 coordination
DELETE FROM responsibilities
 WHERE coordination = $1;

-- name: add_responsibility
-- A line of the matrix.
-- $1 coordination, $2 responsibility, $3 member, $4 duty, $5 part, $6 communes, $7 up to where
INSERT INTO responsibilities (coordination, responsibility, member_id, duty, part, communes, up_to)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: responsibilities
-- A page of the matrix by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT coordination, responsibility, member_id, duty, part, communes, up_to
  FROM responsibilities
 WHERE coordination = $1
   AND responsibility > $2
 ORDER BY responsibility
 LIMIT $3;

-- name: members_here
-- Which of some members are of a coordination.
-- $1 coordination, $2 members
SELECT member_id
  FROM members
 WHERE coordination = $1
   AND member_id = ANY($2::uuid[]);

-- name: add_lead
-- A member leads in some communes; nothing when its id is taken.
-- $1 coordination, $2 lead, $3 member, $4 communes, $5 first day, $6 last day or null, $7 reason
INSERT INTO leads (coordination, lead_id, member_id, communes, since, until, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING lead_id;

-- name: lead
-- One lead, whatever its coordination.
-- $1 lead
SELECT coordination, lead_id, member_id, communes, since, until, reason
  FROM leads
 WHERE lead_id = $1;

-- name: leads
-- A page of leads by id, in one commune or all, on a day or ever.
-- $1 coordination, $2 commune or null, $3 day or null, $4 after this id, $5 most rows
SELECT coordination, lead_id, member_id, communes, since, until, reason
  FROM leads
 WHERE coordination = $1
   AND ($2::text IS NULL OR $2 = ANY(communes))
   AND ($3::date IS NULL OR $3 BETWEEN since AND coalesce(until, 'infinity'))
   AND lead_id > $4
 ORDER BY lead_id
 LIMIT $5;

-- name: leads_among
-- The leads of any of some communes.
-- $1 coordination, $2 communes
SELECT coordination, lead_id, member_id, communes, since, until, reason
  FROM leads
 WHERE coordination = $1
   AND communes && $2::text[]
 ORDER BY lead_id;

-- name: add_endorsement
-- A support is given; nothing when its id is taken.
-- $1 coordination, $2 endorsement, $3 endorser, $4 level, $5 subject, $6 day, $7 instant
INSERT INTO endorsements (coordination, endorsement_id, endorser, level, subject, given_on,
                          recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING endorsement_id;

-- name: endorsement
-- One support, whatever its coordination.
-- $1 endorsement
SELECT coordination, endorsement_id, endorser, level, subject, given_on
  FROM endorsements
 WHERE endorsement_id = $1;

-- name: endorsements
-- A page of supports by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT coordination, endorsement_id, endorser, level, subject, given_on
  FROM endorsements
 WHERE coordination = $1
   AND endorsement_id > $2
 ORDER BY endorsement_id
 LIMIT $3;

-- name: add_relay
-- Someone carries the subject in some communes; nothing when its id is taken.
-- $1 coordination, $2 relay, $3 kind, $4 label, $5 organization or null, $6 person or null, $7 communes, $8 first day, $9 instant
INSERT INTO relays (coordination, relay_id, kind, label, organization, person_id, communes, since,
                    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
RETURNING relay_id;

-- name: relay
-- One relay, whatever its coordination.
-- $1 relay
SELECT coordination, relay_id, kind, label, organization, person_id, communes, since
  FROM relays
 WHERE relay_id = $1;

-- name: relays
-- A page of relays by id, of one commune or all.
-- $1 coordination, $2 commune or null, $3 after this id, $4 most rows
SELECT coordination, relay_id, kind, label, organization, person_id, communes, since
  FROM relays
 WHERE coordination = $1
   AND ($2::text IS NULL OR $2 = ANY(communes))
   AND relay_id > $3
 ORDER BY relay_id
 LIMIT $4;

-- name: add_contact
-- Something was said, somewhere or to all; nothing when its id is taken.
-- $1 coordination, $2 contact, $3 channel, $4 commune or null, $5 day, $6 subject, $7 outcome, $8 instant
INSERT INTO contacts (coordination, contact_id, channel, commune, happened_on, subject, outcome,
                      recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING
RETURNING contact_id;

-- name: contact
-- One contact, whatever its coordination.
-- $1 contact
SELECT coordination, contact_id, channel, commune, happened_on, subject, outcome
  FROM contacts
 WHERE contact_id = $1;

-- name: talks
-- A page of contacts by id, of one commune or channel, or all.
-- $1 coordination, $2 commune or null, $3 channel or null, $4 after this id, $5 most rows
SELECT coordination, contact_id, channel, commune, happened_on, subject, outcome
  FROM contacts
 WHERE coordination = $1
   AND ($2::text IS NULL OR commune = $2)
   AND ($3::text IS NULL OR channel = $3)
   AND contact_id > $4
 ORDER BY contact_id
 LIMIT $5;

-- name: visited_communes
-- The communes that were visited, since a day or ever.
-- $1 coordination, $2 day or null
SELECT DISTINCT commune
  FROM contacts
 WHERE coordination = $1
   AND channel = 'VISIT'
   AND ($2::date IS NULL OR happened_on >= $2)
 ORDER BY commune;

-- name: add_territorial_role
-- How the carrying body intervenes from a day on; nothing when that day has a role.
-- $1 coordination, $2 day, $3 role, $4 maturity, $5 reason
INSERT INTO territorial_roles (coordination, since, role, maturity, reason)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
RETURNING since;

-- name: territorial_role
-- The role taken on a day.
-- $1 coordination, $2 day
SELECT coordination, since, role, maturity, reason
  FROM territorial_roles
 WHERE coordination = $1
   AND since = $2;

-- name: territorial_roles
-- A page of the roles by their first day.
-- $1 coordination, $2 after this day or null, $3 most rows
SELECT coordination, since, role, maturity, reason
  FROM territorial_roles
 WHERE coordination = $1
   AND ($2::date IS NULL OR since > $2)
 ORDER BY since
 LIMIT $3;
