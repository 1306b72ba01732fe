-- name: hold_coordination
-- Hold a coordination's seats: acts on them come one after another, so that no two meet unseen.
-- $1 coordination
SELECT coordination
  FROM coordinations
 WHERE coordination = $1
   FOR NO KEY UPDATE;

-- name: membership
-- One membership, whatever its coordination: the caller's right is checked on it.
-- $1 member
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, m.college, m.section, m.roles,
       m.units, m.state, m.effective_on
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.member_id = $1;

-- name: membership_of
-- The membership of an organisation in a coordination.
-- $1 coordination, $2 organization
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, m.college, m.section, m.roles,
       m.units, m.state, m.effective_on
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.organization = $2;

-- name: add_candidate
-- Put an organisation in the queue; nothing when the id is taken.
-- $1 coordination, $2 member, $3 organization, $4 college, $5 section, $6 roles, $7 units, $8 state, $9 day
INSERT INTO members (coordination, member_id, organization, college, section, roles, units, state,
                     effective_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
RETURNING member_id;

-- name: change_membership
-- Write where a membership stands; the instant it was confirmed at stays once it is known.
-- $1 member, $2 college, $3 section, $4 roles, $5 units, $6 state, $7 day, $8 instant or null
UPDATE members
   SET college = $2, section = $3, roles = $4, units = $5, state = $6, effective_on = $7,
       confirmed_at = coalesce($8, confirmed_at)
 WHERE member_id = $1;

-- name: add_member_act
-- Keep what was done with a membership.
-- $1 coordination, $2 act id, $3 member, $4 act, $5 day, $6 reason, $7 college, $8 roles, $9 units, $10 subject, $11 instant
INSERT INTO member_acts (coordination, act_id, member_id, act, effective_on, reason, college, roles,
                         units, subject, acted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: member_act
-- One act, by the id that its caller gave it, so that a retry is free.
-- $1 act id
SELECT coordination, act_id, member_id, act, effective_on, reason, college, roles, units, subject
  FROM member_acts
 WHERE act_id = $1;

-- name: last_member_act
-- The last act of a membership.
-- $1 member
SELECT coordination, act_id, member_id, act, effective_on, reason, college, roles, units, subject
  FROM member_acts
 WHERE member_id = $1
 ORDER BY number DESC
 LIMIT 1;

-- name: member_acts
-- A page of a membership's history, the oldest first.
-- $1 member, $2 after this number, $3 most rows
SELECT number, act_id, act, effective_on, reason, college, roles, units, subject, acted_at
  FROM member_acts
 WHERE member_id = $1
   AND number > $2
 ORDER BY number
 LIMIT $3;

-- name: candidates
-- A page of the queue by the number of the demand: who asked first comes first.
-- $1 coordination, $2 after this number, $3 most rows
SELECT a.number, a.reason, m.coordination, m.member_id, m.organization, o.name, o.kind, m.college,
       m.section, m.roles, m.units, m.state, m.effective_on
  FROM members AS m
  JOIN organizations AS o USING (organization)
  JOIN LATERAL (SELECT number, reason
                  FROM member_acts
                 WHERE member_id = m.member_id
                   AND act = 'APPLIED'
                 ORDER BY number DESC
                 LIMIT 1) AS a ON true
 WHERE m.coordination = $1
   AND m.state = 'CANDIDATE'
   AND a.number > $2
 ORDER BY a.number
 LIMIT $3;

-- name: kinds_there
-- The kinds of organisations that each college has a confirmed member of.
-- $1 coordination
SELECT DISTINCT m.college, m.section, o.kind
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.state = 'CONFIRMED'
 ORDER BY m.college, o.kind, m.section;
