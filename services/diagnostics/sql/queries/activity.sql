-- name: put_activity
-- What advisers did by place, as a file tells it; places that are new or changed are returned.
-- $1 coordination or empty, $2 kinds of place, $3 places, $4 vintages, $5 figures, $6 source, $7 licence, $8 instant
INSERT INTO adviser_activity (coordination, place_kind, place, vintage, figures, source, licence,
                              brought_at)
SELECT $1, place_kind, place, vintage, figures, $6, $7, $8
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])
       AS a (place_kind, place, vintage, figures)
    ON CONFLICT (coordination, place_kind, place, vintage) DO UPDATE
   SET figures = excluded.figures,
       brought_at = excluded.brought_at
 WHERE adviser_activity.figures <> excluded.figures
RETURNING place_kind, place, vintage;

-- name: activity_of
-- The latest activity told of some places, a coordination's own before the national one.
-- $1 coordination, $2 postal codes, $3 départements
SELECT DISTINCT ON (place_kind, place)
       coordination, place_kind, place, vintage, figures, source, licence, brought_at
  FROM adviser_activity
 WHERE coordination IN ('', $1)
   AND ((place_kind = 'postal_code' AND place = ANY($2::text[]))
        OR (place_kind = 'department' AND place = ANY($3::text[])))
 ORDER BY place_kind, place, vintage DESC, coordination DESC;

-- name: communes_of_postal_codes
-- Which communes of the country share some postal codes.
-- $1 postal codes
SELECT commune, name, population, department, department_name, region, epci, epci_name,
       postal_codes, longitude, latitude
  FROM national_communes
 WHERE postal_codes && $1::text[]
 ORDER BY commune;
