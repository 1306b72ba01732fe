-- name: add_invitation
-- Invite a person; nothing when the id is taken.
-- $1 coordination, $2 invitation, $3 person, $4 roles, $5 organization, $6 end, $7 hash of the code, $8 subject, $9 instant
INSERT INTO invitations (coordination, invitation_id, person_id, roles, organization, expires_at,
                         code_sha256, invited_by, invited_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (invitation_id) DO NOTHING
RETURNING invitation_id;

-- name: invitation
-- One invitation, whatever its coordination: the caller's right is checked on it.
-- $1 invitation
SELECT coordination, invitation_id, person_id, roles, organization, expires_at, code_sha256,
       invited_by, invited_at, accepted_at, withdrawn_at
  FROM invitations
 WHERE invitation_id = $1;

-- name: invitation_of_code
-- The invitation a code opens, before anything is locked.
-- $1 hash of the code
SELECT coordination, invitation_id, person_id, roles, organization, expires_at, code_sha256,
       invited_by, invited_at, accepted_at, withdrawn_at
  FROM invitations
 WHERE code_sha256 = $1;

-- name: lock_invitation
-- One invitation, held until its step is written.
-- $1 invitation
SELECT coordination, invitation_id, person_id, roles, organization, expires_at, code_sha256,
       invited_by, invited_at, accepted_at, withdrawn_at
  FROM invitations
 WHERE invitation_id = $1
   FOR UPDATE;

-- name: invitations
-- A page of a coordination's invitations by id, of one person or of all.
-- $1 coordination, $2 person or null, $3 after this id, $4 most rows
SELECT coordination, invitation_id, person_id, roles, organization, expires_at, code_sha256,
       invited_by, invited_at, accepted_at, withdrawn_at
  FROM invitations
 WHERE coordination = $1
   AND ($2::uuid IS NULL OR person_id = $2)
   AND invitation_id > $3
 ORDER BY invitation_id
 LIMIT $4;

-- name: replace_code
-- Give an invitation another code; the one before opens nothing more.
-- $1 invitation, $2 hash of the code
UPDATE invitations
   SET code_sha256 = $2
 WHERE invitation_id = $1;

-- name: close_invitation
-- An invitation is accepted or withdrawn.
-- $1 invitation, $2 acceptance or null, $3 withdrawal or null
UPDATE invitations
   SET accepted_at = $2, withdrawn_at = $3
 WHERE invitation_id = $1;

-- name: forget_invitations
-- Drop the open invitations of a person that is erased.
-- $1 coordination, $2 person
DELETE FROM invitations
 WHERE coordination = $1
   AND person_id = $2
   AND accepted_at IS NULL;
