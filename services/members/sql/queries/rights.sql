-- name: grant_right
-- Give a subject a role here, or give it back after it was taken; the first origin stays.
-- $1 coordination, $2 subject, $3 role, $4 organization, $5 origin, $6 instant
INSERT INTO rights (coordination, subject, role, organization, origin, granted_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (coordination, subject, role) DO UPDATE
   SET revoked_at = NULL, organization = excluded.organization;

-- name: rights_of
-- What a subject may do here, beyond its token.
-- $1 coordination, $2 subject
SELECT role, organization
  FROM rights
 WHERE coordination = $1
   AND subject = $2
   AND revoked_at IS NULL
 ORDER BY role;
