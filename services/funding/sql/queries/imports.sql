-- name: add_grants
-- Keep grants that funders published, once; those that are new are told.
-- $1 coordination, $2 keys, $3 nth, $4 funder names, $5 funder SIRETs, $6 beneficiary names, $7 beneficiary SIRETs, $8 RNA numbers, $9 days, $10 references, $11 objects, $12 cents, $13 natures, $14 terms, $15 periods, $16 schemes, $17 instant
INSERT INTO grants (coordination, grant_key, nth, funder_name, funder_siret, beneficiary_name,
                    beneficiary_siret, beneficiary_rna, agreed_on, reference, object, amount_cents,
                    nature, terms, period, scheme, imported_at)
SELECT $1, one.grant_key, one.nth, one.funder_name, one.funder_siret, one.beneficiary_name,
       one.beneficiary_siret, one.beneficiary_rna, one.agreed_on, one.reference, one.object,
       one.amount_cents, one.nature, one.terms, one.period, one.scheme, $17
  FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::date[], $10::text[], $11::text[], $12::bigint[], $13::text[],
              $14::text[], $15::text[], $16::text[])
       AS one (grant_key, nth, funder_name, funder_siret, beneficiary_name, beneficiary_siret,
               beneficiary_rna, agreed_on, reference, object, amount_cents, nature, terms, period,
               scheme)
 ORDER BY one.grant_key, one.nth
    ON CONFLICT DO NOTHING
RETURNING grant_key, nth;

-- name: add_estimates
-- Keep what the State estimates of adviser posts, once; those that are new are told.
-- $1 coordination, $2 keys, $3 nth, $4 editions, $5 names, $6 SIRETs, $7 kinds, $8 communes, $9 départements, $10 days, $11 posts, $12 estimated cents, $13 grant cents, $14 instant
INSERT INTO adviser_estimates (coordination, estimate_key, nth, edition, host_name, host_siret,
                               host_kind, commune, department, validated_on, posts,
                               estimated_cents, grant_cents, imported_at)
SELECT $1, one.estimate_key, one.nth, one.edition, one.host_name, one.host_siret, one.host_kind,
       one.commune, one.department, one.validated_on, one.posts, one.estimated_cents,
       one.grant_cents, $14
  FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::text[], $10::date[], $11::integer[], $12::bigint[], $13::bigint[])
       AS one (estimate_key, nth, edition, host_name, host_siret, host_kind, commune, department,
               validated_on, posts, estimated_cents, grant_cents)
 ORDER BY one.estimate_key, one.nth
    ON CONFLICT DO NOTHING
RETURNING estimate_key, nth;

-- name: grants
-- A page of published grants by key.
-- $1 coordination, $2 after this key, $3 and after this place, $4 most rows
SELECT grant_key, nth, funder_name, funder_siret, beneficiary_name, beneficiary_siret,
       beneficiary_rna, agreed_on, reference, object, amount_cents, nature, terms, period, scheme
  FROM grants
 WHERE coordination = $1
   AND (grant_key, nth) > ($2, $3)
 ORDER BY grant_key, nth
 LIMIT $4;

-- name: estimates
-- What the State estimates of adviser posts, per edition of its list and kind of host.
-- $1 coordination, $2 département or null for all
SELECT edition, host_kind, count(*)::bigint AS lines, sum(posts)::bigint AS posts,
       sum(estimated_cents)::bigint AS estimated_cents, sum(grant_cents)::bigint AS grant_cents
  FROM adviser_estimates
 WHERE coordination = $1
   AND ($2::text IS NULL OR department = $2)
 GROUP BY edition, host_kind
 ORDER BY edition, host_kind;
