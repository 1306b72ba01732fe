-- name: members_listed
-- A page of members by organisation, of those that every given filter keeps.
-- $1 coordination, $2 college or null, $3 state or null, $4 kind or null, $5 role or null, $6 words of the name or null, $7 after this organization, $8 most rows
SELECT m.coordination, m.member_id, m.organization, o.name, o.kind, o.siret, o.siret_is_doubtful,
       o.formerly, m.college, m.section, m.roles, m.effective_on, m.state
  FROM members AS m
  JOIN organizations AS o USING (organization)
 WHERE m.coordination = $1
   AND ($2::text IS NULL OR m.college = $2)
   AND ($3::text IS NULL OR m.state = $3)
   AND ($4::text IS NULL OR o.kind = $4)
   AND ($5::text IS NULL OR $5 = ANY(m.roles))
   AND ($6::text IS NULL OR to_tsvector('simple', o.name_key) @@ to_tsquery('simple', $6))
   AND m.organization > $7
 ORDER BY m.organization
 LIMIT $8;

-- name: organizations_listed
-- A page of organisations by slug, of those that every given filter keeps; merged ones are left out.
-- $1 kind or null, $2 département or null, $3 after this organization, $4 most rows
SELECT organization, name, kind, siret, siret_is_doubtful, formerly, rna, commune, name_key,
       merged_into
  FROM organizations
 WHERE merged_into IS NULL
   AND ($1::text IS NULL OR kind = $1)
   AND ($2::text IS NULL OR department = $2)
   AND organization > $3
 ORDER BY organization
 LIMIT $4;

-- name: organizations_found
-- The same, of those whose name has these words.
-- $1 words of the name, $2 kind or null, $3 département or null, $4 after this organization, $5 most rows
SELECT organization, name, kind, siret, siret_is_doubtful, formerly, rna, commune, name_key,
       merged_into
  FROM organizations
 WHERE merged_into IS NULL
   AND to_tsvector('simple', name_key) @@ to_tsquery('simple', $1)
   AND ($2::text IS NULL OR kind = $2)
   AND ($3::text IS NULL OR department = $3)
   AND organization > $4
 ORDER BY organization
 LIMIT $5;
