-- name: add_organization
-- Describe an organisation; nothing when it is known.
-- $1 organization, $2 name, $3 kind, $4 siret, $5 siret is doubtful, $6 formerly, $7 rna, $8 commune, $9 key of the name, $10 null: a new one is not merged
INSERT INTO organizations (organization, name, kind, siret, siret_is_doubtful, formerly, rna,
                           commune, name_key, merged_into)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING;

-- name: organization
-- One organisation.
-- $1 organization
SELECT organization, name, kind, siret, siret_is_doubtful, formerly, rna, commune, name_key,
       merged_into
  FROM organizations
 WHERE organization = $1;

-- name: add_member
-- Give a seat and begin its history; nothing when the organisation has one here or the id is taken.
-- $1 coordination, $2 member, $3 organization, $4 college, $5 section, $6 roles, $7 day, $8 state, $9 instant
WITH added AS (
    INSERT INTO members (coordination, member_id, organization, college, section, roles,
                         effective_on, state, confirmed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT DO NOTHING
    RETURNING coordination, member_id, college, roles, units, effective_on, confirmed_at
), kept AS (
    INSERT INTO member_acts (coordination, act_id, member_id, act, effective_on, college, roles,
                             units, acted_at)
    SELECT coordination, member_id, member_id, 'CONFIRMED', effective_on, college, roles, units,
           confirmed_at
      FROM added
        ON CONFLICT DO NOTHING
)
SELECT member_id
  FROM added;

-- name: member
-- The seat of an organisation in a coordination.
-- $1 coordination, $2 organization
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, o.siret, o.siret_is_doubtful,
       o.formerly, m.college, m.section, m.roles, m.effective_on, m.state
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND m.organization = $2;
