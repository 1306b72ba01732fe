-- name: lock_organization
-- One organisation, held until its change is written.
-- $1 organization
SELECT organization, name, kind, siret, siret_is_doubtful, formerly, rna, commune, name_key,
       merged_into
  FROM organizations
 WHERE organization = $1
   FOR UPDATE;

-- name: organization_known_as
-- The organisation of a name that a list means: one that sits here, or has the same SIRET; never one that has another SIRET.
-- $1 coordination, $2 key of the name, $3 SIRET or null
SELECT o.organization, o.name, o.kind, o.siret, o.siret_is_doubtful, o.formerly, o.rna, o.commune,
       o.name_key, o.merged_into
  FROM organizations AS o
 WHERE o.name_key = $2
   AND o.merged_into IS NULL
   AND (o.siret IS NULL OR $3::text IS NULL OR o.siret = $3)
   AND (o.siret = $3
    OR EXISTS (SELECT FROM members AS m
                WHERE m.coordination = $1 AND m.organization = o.organization))
 ORDER BY (o.siret = $3) IS NOT TRUE, o.organization
 LIMIT 1;

-- name: describe_organization
-- Bring an organisation to what is asked.
-- $1 organization, $2 name, $3 kind, $4 siret, $5 siret is doubtful, $6 formerly, $7 rna, $8 commune, $9 key of the name
UPDATE organizations
   SET name = $2, kind = $3, siret = $4, siret_is_doubtful = $5, formerly = $6, rna = $7,
       commune = $8, name_key = $9
 WHERE organization = $1;

-- name: keep_change
-- Keep what an organisation is before it changes, under the number after the last.
-- $1 organization, $2 subject, $3 reason, $4 instant
INSERT INTO organization_changes (organization, change, subject, reason, name, kind, siret, rna,
                                  commune, merged_into, changed_at)
SELECT o.organization,
       1 + COALESCE((SELECT max(c.change)
                       FROM organization_changes AS c
                      WHERE c.organization = o.organization), 0),
       $2, $3, o.name, o.kind, o.siret, o.rna, o.commune, o.merged_into, $4
  FROM organizations AS o
 WHERE o.organization = $1;

-- name: organization_changes
-- A page of what an organisation was, the first first.
-- $1 organization, $2 after this change, $3 most rows
SELECT change, subject, reason, name, kind, siret, rna, commune, merged_into, changed_at
  FROM organization_changes
 WHERE organization = $1
   AND change > $2
 ORDER BY change
 LIMIT $3;

-- name: merged_slugs
-- The slugs that an organisation also answers to.
-- $1 organization
SELECT organization
  FROM organizations
 WHERE merged_into = $1
 ORDER BY organization;

-- name: homes_of_organization
-- Where an organisation sits, and how.
-- $1 organization
SELECT coordination, state
  FROM members
 WHERE organization = $1
 ORDER BY coordination;

-- name: merge_organization
-- An organisation gives way to another, with all those that had given way to it.
-- $1 organization, $2 the one that is kept
UPDATE organizations
   SET merged_into = $2
 WHERE organization = $1
    OR merged_into = $1;

-- name: move_members
-- Seats of one organisation become another's where that one has none; their ids stay.
-- $1 organization, $2 the one that is kept
UPDATE members AS m
   SET organization = $2
 WHERE m.organization = $1
   AND NOT EXISTS (SELECT FROM members AS k
                    WHERE k.coordination = m.coordination AND k.organization = $2)
RETURNING m.coordination;

-- name: move_persons
-- Persons of one organisation become another's.
-- $1 organization, $2 the one that is kept
UPDATE persons
   SET organization = $2
 WHERE organization = $1;

-- name: move_contact_points
-- Contacts of one organisation become another's where that one has none.
-- $1 organization, $2 the one that is kept
UPDATE organization_contacts AS c
   SET organization = $2
 WHERE c.organization = $1
   AND NOT EXISTS (SELECT FROM organization_contacts AS k
                    WHERE k.coordination = c.coordination AND k.organization = $2);

-- name: move_rights
-- Rights had for one organisation are had for another.
-- $1 organization, $2 the one that is kept
UPDATE rights
   SET organization = $2
 WHERE organization = $1;

-- name: move_clients
-- Systems of one organisation become another's.
-- $1 organization, $2 the one that is kept
UPDATE clients
   SET organization = $2
 WHERE organization = $1;

-- name: duplicates
-- A page of pairs that may be one organisation: same SIRET, same SIREN, or same name in the same commune or in one that is not known; the strongest reason of each pair.
-- $1 after this organization, $2 and this other, $3 most rows
SELECT DISTINCT ON (a.organization, b.organization)
       a.organization, a.name, b.organization AS other, b.name AS other_name,
       CASE WHEN a.siret = b.siret THEN 'SIRET' WHEN a.siren = b.siren THEN 'SIREN' ELSE 'NAME'
        END AS reason
  FROM organizations AS a
 CROSS JOIN LATERAL (
       SELECT s.organization, s.name, s.siret, s.siren
         FROM organizations AS s
        WHERE s.siren = a.siren
          AND s.organization > a.organization
          AND s.merged_into IS NULL
        UNION ALL
       SELECT n.organization, n.name, n.siret, n.siren
         FROM organizations AS n
        WHERE n.name_key = a.name_key
          AND n.name_key <> ''
          AND n.organization > a.organization
          AND n.merged_into IS NULL
          AND (n.commune = a.commune OR n.commune IS NULL OR a.commune IS NULL)) AS b
 WHERE a.merged_into IS NULL
   AND (a.organization, b.organization) > ($1, $2)
   AND a.organization >= $1
 ORDER BY a.organization, b.organization
 LIMIT $3;

-- name: clear_contact_points
-- Forget who an organisation is reached through here, before it is said again.
-- $1 coordination, $2 organization
DELETE FROM organization_contacts
 WHERE coordination = $1
   AND organization = $2;

-- name: add_contact_points
-- Say through whom an organisation is reached here, the first one first.
-- $1 coordination, $2 organization, $3 persons
INSERT INTO organization_contacts (coordination, organization, rank, person_id)
SELECT $1, $2, rank, person_id
  FROM unnest($3::uuid[]) WITH ORDINALITY AS told (person_id, rank);

-- name: contact_points
-- Through whom an organisation is reached here.
-- $1 coordination, $2 organization
SELECT person_id
  FROM organization_contacts
 WHERE coordination = $1
   AND organization = $2
 ORDER BY rank;

-- name: persons_reachable
-- Which of some persons are of this coordination, of this organisation or of none, and not erased.
-- $1 coordination, $2 organization, $3 persons
SELECT person_id
  FROM persons
 WHERE coordination = $1
   AND person_id = ANY($3::uuid[])
   AND (organization IS NULL OR organization = $2)
   AND erased_at IS NULL;
