-- name: commune_names
-- The communes of a coordination, by which places are put in theirs.
-- $1 coordination
SELECT code, name
  FROM communes
 WHERE coordination = $1
   AND covered
 ORDER BY code;

-- name: hold_places
-- One import at a time writes the places of a coordination: its facts follow one another.
-- $1 coordination
SELECT pg_advisory_xact_lock(hashtextextended('places ' || $1, 0));

-- name: place_hashes
-- What is kept of places that a batch may meet again.
-- $1 coordination, $2 ids
SELECT id, commune, content, updated_on
  FROM places
 WHERE coordination = $1
   AND id = ANY($2::uuid[]);

-- name: put_places
-- Write places whole; each batch names a place once.
-- $1 the places, as a JSON list
INSERT INTO places (local_id, source, pivot, name, commune_name, postal_code, insee_code,
                    address, address_extra, latitude, longitude, kinds, phone, emails, websites,
                    hours, summary, detail, itinerance, parent, updated_on, services, publics,
                    special_care, fees, programmes, labels, other_labels, access_modes,
                    support_modes, access_sheet, booking, coordination, id, commune, name_key,
                    address_key, words, opens_evening, opens_weekend, content)
SELECT local_id, source, pivot, name, commune_name, postal_code, insee_code, address,
       address_extra, latitude, longitude, kinds, phone, emails, websites, hours, summary,
       detail, itinerance, parent, updated_on, services, publics, special_care, fees,
       programmes, labels, other_labels, access_modes, support_modes, access_sheet, booking,
       coordination, id, commune, name_key, address_key, words, opens_evening, opens_weekend,
       content
  FROM json_to_recordset($1::json)
       AS a (local_id text, source text, pivot text, name text, commune_name text,
                        postal_code text, insee_code text, address text, address_extra text,
                        latitude double precision, longitude double precision, kinds text[],
                        phone text, emails text[], websites text[], hours text, summary text,
                        detail text, itinerance text[], parent text, updated_on date, services
                        text[], publics text[], special_care text[], fees text[], programmes
                        text[], labels text[], other_labels text[], access_modes text[],
                        support_modes text[], access_sheet text, booking text, coordination
                        text, id uuid, commune text, name_key text, address_key text, words
                        text, opens_evening boolean, opens_weekend boolean, content text)
    ON CONFLICT (coordination, id) DO UPDATE
   SET local_id = excluded.local_id,
       source = excluded.source,
       pivot = excluded.pivot,
       name = excluded.name,
       commune_name = excluded.commune_name,
       postal_code = excluded.postal_code,
       insee_code = excluded.insee_code,
       address = excluded.address,
       address_extra = excluded.address_extra,
       latitude = excluded.latitude,
       longitude = excluded.longitude,
       kinds = excluded.kinds,
       phone = excluded.phone,
       emails = excluded.emails,
       websites = excluded.websites,
       hours = excluded.hours,
       summary = excluded.summary,
       detail = excluded.detail,
       itinerance = excluded.itinerance,
       parent = excluded.parent,
       updated_on = excluded.updated_on,
       services = excluded.services,
       publics = excluded.publics,
       special_care = excluded.special_care,
       fees = excluded.fees,
       programmes = excluded.programmes,
       labels = excluded.labels,
       other_labels = excluded.other_labels,
       access_modes = excluded.access_modes,
       support_modes = excluded.support_modes,
       access_sheet = excluded.access_sheet,
       booking = excluded.booking,
       commune = excluded.commune,
       name_key = excluded.name_key,
       address_key = excluded.address_key,
       words = excluded.words,
       opens_evening = excluded.opens_evening,
       opens_weekend = excluded.opens_weekend,
       content = excluded.content;

-- name: place
-- One place.
-- $1 coordination, $2 id
SELECT local_id, source, pivot, name, commune_name, postal_code, insee_code, address,
       address_extra, latitude, longitude, kinds, phone, emails, websites, hours, summary,
       detail, itinerance, parent, updated_on, services, publics, special_care, fees,
       programmes, labels, other_labels, access_modes, support_modes, access_sheet, booking,
       coordination, id, commune, name_key, address_key, words, opens_evening, opens_weekend,
       content
  FROM places
 WHERE coordination = $1
   AND id = $2;

-- name: places_listed
-- A page of places by name, of those that every given filter keeps.
-- $1 coordination, $2 services all offered or null, $3 publics or null, $4 programme or label or null, $5 fee or null, $6 commune or null, $7 open on an evening, $8 open at the week-end, $9 itinerance or null, $10 with hours, $11 after this name, $12 and this id, $13 most rows
SELECT p.local_id, p.source, p.pivot, p.name, p.commune_name, p.postal_code, p.insee_code,
       p.address, p.address_extra, p.latitude, p.longitude, p.kinds, p.phone, p.emails,
       p.websites, p.hours, p.summary, p.detail, p.itinerance, p.parent, p.updated_on,
       p.services, p.publics, p.special_care, p.fees, p.programmes, p.labels, p.other_labels,
       p.access_modes, p.support_modes, p.access_sheet, p.booking, p.coordination, p.id,
       p.commune, p.name_key, p.address_key, p.words, p.opens_evening, p.opens_weekend,
       p.content
  FROM places AS p
 WHERE p.coordination = $1
   AND ($2::text[] IS NULL OR p.services @> $2)
   AND ($3::text[] IS NULL OR p.publics @> $3)
   AND ($4::text IS NULL OR $4 = ANY(p.programmes || p.labels || p.other_labels))
   AND ($5::text IS NULL OR $5 = ANY(p.fees))
   AND ($6::text IS NULL OR p.commune = $6)
   AND (NOT $7::boolean OR p.opens_evening)
   AND (NOT $8::boolean OR p.opens_weekend)
   AND ($9::text IS NULL OR $9 = ANY(p.itinerance))
   AND (NOT $10::boolean OR p.hours IS NOT NULL)
   AND (p.name_key, p.id) > ($11::text, $12::uuid)
 ORDER BY p.name_key, p.id
 LIMIT $13;

-- name: places_found
-- The same, of those that have words that begin so.
-- $1 coordination, $2 services all offered or null, $3 publics or null, $4 programme or label or null, $5 fee or null, $6 commune or null, $7 open on an evening, $8 open at the week-end, $9 itinerance or null, $10 with hours, $11 after this name, $12 and this id, $13 most rows, $14 words
SELECT p.local_id, p.source, p.pivot, p.name, p.commune_name, p.postal_code, p.insee_code,
       p.address, p.address_extra, p.latitude, p.longitude, p.kinds, p.phone, p.emails,
       p.websites, p.hours, p.summary, p.detail, p.itinerance, p.parent, p.updated_on,
       p.services, p.publics, p.special_care, p.fees, p.programmes, p.labels, p.other_labels,
       p.access_modes, p.support_modes, p.access_sheet, p.booking, p.coordination, p.id,
       p.commune, p.name_key, p.address_key, p.words, p.opens_evening, p.opens_weekend,
       p.content
  FROM places AS p
 WHERE p.coordination = $1
   AND to_tsvector('simple', p.words) @@ to_tsquery('simple', $14)
   AND ($2::text[] IS NULL OR p.services @> $2)
   AND ($3::text[] IS NULL OR p.publics @> $3)
   AND ($4::text IS NULL OR $4 = ANY(p.programmes || p.labels || p.other_labels))
   AND ($5::text IS NULL OR $5 = ANY(p.fees))
   AND ($6::text IS NULL OR p.commune = $6)
   AND (NOT $7::boolean OR p.opens_evening)
   AND (NOT $8::boolean OR p.opens_weekend)
   AND ($9::text IS NULL OR $9 = ANY(p.itinerance))
   AND (NOT $10::boolean OR p.hours IS NOT NULL)
   AND (p.name_key, p.id) > ($11::text, $12::uuid)
 ORDER BY p.name_key, p.id
 LIMIT $13;

-- name: places_near
-- The same, the nearest to a point first; the box is what an index can tell, the circle is kept.
-- $1 coordination, $2 services all offered or null, $3 publics or null, $4 programme or label or null, $5 fee or null, $6 commune or null, $7 open on an evening, $8 open at the week-end, $9 itinerance or null, $10 with hours, $11 after this distance, $12 and this id, $13 most rows, $14 words or null, $15 latitude, $16 longitude, $17 kilometres, $18 degrees of latitude, $19 of longitude
SELECT n.local_id, n.source, n.pivot, n.name, n.commune_name, n.postal_code, n.insee_code,
       n.address, n.address_extra, n.latitude, n.longitude, n.kinds, n.phone, n.emails,
       n.websites, n.hours, n.summary, n.detail, n.itinerance, n.parent, n.updated_on,
       n.services, n.publics, n.special_care, n.fees, n.programmes, n.labels, n.other_labels,
       n.access_modes, n.support_modes, n.access_sheet, n.booking, n.coordination, n.id,
       n.commune, n.name_key, n.address_key, n.words, n.opens_evening, n.opens_weekend,
       n.content,
       n.km
  FROM (SELECT p.local_id, p.source, p.pivot, p.name, p.commune_name, p.postal_code,
               p.insee_code, p.address, p.address_extra, p.latitude, p.longitude, p.kinds,
               p.phone, p.emails, p.websites, p.hours, p.summary, p.detail, p.itinerance,
               p.parent, p.updated_on, p.services, p.publics, p.special_care, p.fees,
               p.programmes, p.labels, p.other_labels, p.access_modes, p.support_modes,
               p.access_sheet, p.booking, p.coordination, p.id, p.commune, p.name_key,
               p.address_key, p.words, p.opens_evening, p.opens_weekend, p.content,
               2 * 6371.0088 * asin(least(1, sqrt(
                   sin(radians(p.latitude - $15::float8) / 2) ^ 2
                   + cos(radians($15)) * cos(radians(p.latitude))
                     * sin(radians(p.longitude - $16::float8) / 2) ^ 2))) AS km
          FROM places AS p
         WHERE p.coordination = $1
           AND ($2::text[] IS NULL OR p.services @> $2)
           AND ($3::text[] IS NULL OR p.publics @> $3)
           AND ($4::text IS NULL OR $4 = ANY(p.programmes || p.labels || p.other_labels))
           AND ($5::text IS NULL OR $5 = ANY(p.fees))
           AND ($6::text IS NULL OR p.commune = $6)
           AND (NOT $7::boolean OR p.opens_evening)
           AND (NOT $8::boolean OR p.opens_weekend)
           AND ($9::text IS NULL OR $9 = ANY(p.itinerance))
           AND (NOT $10::boolean OR p.hours IS NOT NULL)
           AND ($14::text IS NULL OR to_tsvector('simple', p.words) @@ to_tsquery('simple', $14))
           AND p.latitude BETWEEN $15 - $18::float8 AND $15 + $18
           AND p.longitude BETWEEN $16 - $19::float8 AND $16 + $19) AS n
 WHERE n.km <= $17::float8
   AND (n.km, n.id) > ($11::float8, $12::uuid)
 ORDER BY n.km, n.id
 LIMIT $13;

-- name: places_per_commune
-- How many places communes have; one without any has no row.
-- $1 coordination, $2 communes or null for all
SELECT commune, count(*) AS places
  FROM places
 WHERE coordination = $1
   AND ($2::text[] IS NULL OR commune = ANY($2))
 GROUP BY commune
 ORDER BY commune;

-- name: place_twins
-- Pairs that may be one place: the same pivot at one address, or one name at one spot of a commune.
-- $1 coordination, $2 after this id, $3 and this other id, $4 most rows
SELECT a.id, a.name, a.source, b.id AS other_id, b.name AS other_name, b.source AS other_source,
       'pivot_and_address' AS reason
  FROM places AS a
  JOIN places AS b
    ON b.coordination = a.coordination
   AND b.pivot = a.pivot
   AND b.address_key = a.address_key
   AND b.id > a.id
 WHERE a.coordination = $1
   AND (a.id, b.id) > ($2::uuid, $3::uuid)
 UNION ALL
SELECT a.id, a.name, a.source, b.id AS other_id, b.name AS other_name, b.source AS other_source,
       'name_and_spot' AS reason
  FROM places AS a
  JOIN places AS b
    ON b.coordination = a.coordination
   AND b.commune = a.commune
   AND b.name_key = a.name_key
   AND b.id > a.id
   AND (b.pivot = a.pivot AND b.address_key = a.address_key) IS NOT TRUE
   AND coalesce(abs(b.latitude - a.latitude) < 0.002 AND abs(b.longitude - a.longitude) < 0.003,
                b.address_key = a.address_key)
 WHERE a.coordination = $1
   AND (a.id, b.id) > ($2::uuid, $3::uuid)
 ORDER BY id, other_id
 LIMIT $4;

-- name: place_local_ids
-- Whose id each place has, to tell which are alone.
-- $1 coordination
SELECT source, local_id
  FROM places
 WHERE coordination = $1
 ORDER BY id;

-- name: put_place_services
-- Write services whole; each batch names a service once. Those that change are returned.
-- $1 the services, as a JSON list
INSERT INTO place_services (coordination, id, place_id, local_id, source, name, description,
                            kind, themes, fees, fees_detail, publics, publics_detail,
                            conditions, reception_modes, eligible_areas, mobilisation_modes,
                            mobilisable_by, link, phone, email, hours, weekly_hours, weeks,
                            updated_on, content)
SELECT coordination, id, place_id, local_id, source, name, description, kind, themes, fees,
       fees_detail, publics, publics_detail, conditions, reception_modes, eligible_areas,
       mobilisation_modes, mobilisable_by, link, phone, email, hours, weekly_hours, weeks,
       updated_on, content
  FROM json_to_recordset($1::json)
       AS a (coordination text, id uuid, place_id uuid, local_id text, source text, name text,
             description text, kind text, themes text[], fees text, fees_detail text, publics
             text[], publics_detail text, conditions text, reception_modes text[],
             eligible_areas text[], mobilisation_modes text[], mobilisable_by text[], link text,
             phone text, email text, hours text, weekly_hours double precision, weeks integer,
             updated_on date, content text)
    ON CONFLICT (coordination, id) DO UPDATE
   SET place_id = excluded.place_id,
       local_id = excluded.local_id,
       source = excluded.source,
       name = excluded.name,
       description = excluded.description,
       kind = excluded.kind,
       themes = excluded.themes,
       fees = excluded.fees,
       fees_detail = excluded.fees_detail,
       publics = excluded.publics,
       publics_detail = excluded.publics_detail,
       conditions = excluded.conditions,
       reception_modes = excluded.reception_modes,
       eligible_areas = excluded.eligible_areas,
       mobilisation_modes = excluded.mobilisation_modes,
       mobilisable_by = excluded.mobilisable_by,
       link = excluded.link,
       phone = excluded.phone,
       email = excluded.email,
       hours = excluded.hours,
       weekly_hours = excluded.weekly_hours,
       weeks = excluded.weeks,
       updated_on = excluded.updated_on,
       content = excluded.content
 WHERE place_services.content <> excluded.content
RETURNING id;

-- name: place_services
-- What a place offers, as data·inclusion tells it.
-- $1 coordination, $2 place
SELECT coordination, id, place_id, local_id, source, name, description, kind, themes, fees,
       fees_detail, publics, publics_detail, conditions, reception_modes, eligible_areas,
       mobilisation_modes, mobilisable_by, link, phone, email, hours, weekly_hours, weeks,
       updated_on, content
  FROM place_services
 WHERE coordination = $1
   AND place_id = $2
 ORDER BY id;
