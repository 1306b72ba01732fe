-- name: grant_right
-- Give a subject a role here; what was taken is given back by an invitation alone, and the first origin stays.
-- $1 coordination, $2 subject, $3 role, $4 organization, $5 origin, $6 instant
INSERT INTO rights (coordination, subject, role, organization, origin, granted_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (coordination, subject, role) DO UPDATE
   SET revoked_at = NULL, organization = excluded.organization
 WHERE rights.revoked_at IS NULL
    OR excluded.origin = 'invitation';

-- name: rights_of
-- What a subject may do, beyond its token: the rights it was given, and those of its seats of the day.
-- $1 only this coordination or null, $2 subject, $3 day, $4 most rows
SELECT coordination, role, organization
  FROM (SELECT r.coordination, r.role, r.organization
          FROM rights AS r
         WHERE r.subject = $2
           AND r.revoked_at IS NULL
         UNION
        SELECT s.coordination, derived.role, m.organization
          FROM subjects AS s
          JOIN seats AS t
            ON t.coordination = s.coordination AND t.person_id = s.person_id
          JOIN members AS m
            ON m.coordination = t.coordination AND m.member_id = t.member_id
         CROSS JOIN LATERAL (VALUES ('elected', t.kind = 'ELECTED'),
                                    ('member', t.rank = 'HOLDER')) AS derived (role, is_had)
         WHERE s.subject = $2
           AND derived.is_had
           AND m.state = 'CONFIRMED'
           AND t.valid_from <= $3
           AND (t.valid_until IS NULL OR t.valid_until >= $3)) AS standing
 WHERE $1::text IS NULL
    OR coordination = $1
 ORDER BY coordination, role, organization
 LIMIT $4;

-- name: rights
-- A page of the rights kept in a coordination, those that were taken too, by subject and role.
-- $1 coordination, $2 after this subject, $3 and this role of it, $4 most rows
SELECT r.subject, r.role, r.organization, r.origin, r.granted_at, r.revoked_at, s.person_id
  FROM rights AS r
  LEFT JOIN subjects AS s
    ON s.coordination = r.coordination AND s.subject = r.subject
 WHERE r.coordination = $1
   AND (r.subject, r.role) > ($2, $3)
 ORDER BY r.subject, r.role
 LIMIT $4;

-- name: revoke_right
-- Take a right; nothing when there is none, or it was taken.
-- $1 coordination, $2 subject, $3 role, $4 instant
UPDATE rights
   SET revoked_at = $4
 WHERE coordination = $1
   AND subject = $2
   AND role = $3
   AND revoked_at IS NULL
RETURNING role;

-- name: right_was_given
-- Whether a subject ever had a role here.
-- $1 coordination, $2 subject, $3 role
SELECT true AS given
  FROM rights
 WHERE coordination = $1
   AND subject = $2
   AND role = $3;
