-- name: lock_contribution
-- One document, which nobody else changes until the end of the transaction.
-- $1 coordination, $2 contribution
SELECT coordination, contribution_id, kind, organization, version, withdrawn_on
  FROM contributions
 WHERE coordination = $1
   AND contribution_id = $2
   FOR UPDATE;

-- name: add_contribution
-- A document that has no version yet; nothing when its id is taken.
-- $1 coordination, $2 contribution, $3 kind, $4 organisation
INSERT INTO contributions (coordination, contribution_id, kind, organization, version)
VALUES ($1, $2, $3, $4, 0)
    ON CONFLICT DO NOTHING;

-- name: set_contribution
-- A document has one version more.
-- $1 coordination, $2 contribution, $3 version
UPDATE contributions
   SET version = $3
 WHERE coordination = $1
   AND contribution_id = $2;

-- name: add_contribution_version
-- One version of a document, which never changes.
-- $1 coordination, $2 contribution, $3 version, $4 title, $5 summary, $6 theme, $7 communes,
-- $8 first day, $9 last day, $10 address, $11 fingerprint, $12 size, $13 day
INSERT INTO contribution_versions (coordination, contribution_id, version, title, summary, theme,
                                   communes, begins_on, ends_on, url, sha256, size_bytes, shared_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: contribution_versions
-- The versions of a document, the first comes first.
-- $1 coordination, $2 contribution, $3 most rows
SELECT v.coordination, v.contribution_id, v.version, c.kind, c.organization, v.title, v.summary,
       v.theme, v.communes, v.begins_on, v.ends_on, v.url, v.sha256, v.size_bytes, v.shared_on
  FROM contribution_versions AS v
  JOIN contributions AS c USING (coordination, contribution_id)
 WHERE v.coordination = $1
   AND v.contribution_id = $2
 ORDER BY v.version
 LIMIT $3;

-- name: contributions
-- A page of documents by id, each in its last version, of one kind, partner, theme or commune.
-- $1 coordination, $2 kind or null, $3 organisation or null, $4 theme or null, $5 commune or null,
-- $6 after this id, $7 most rows
SELECT c.coordination, c.contribution_id, c.version, c.kind, c.organization, v.title, v.summary,
       v.theme, v.communes, v.begins_on, v.ends_on, v.url, v.sha256, v.size_bytes, v.shared_on
  FROM contributions AS c
  JOIN contribution_versions AS v USING (coordination, contribution_id, version)
 WHERE c.coordination = $1
   AND c.withdrawn_on IS NULL
   AND ($2::text IS NULL OR c.kind = $2)
   AND ($3::text IS NULL OR c.organization = $3)
   AND ($4::text IS NULL OR v.theme = $4)
   AND ($5::text IS NULL OR cardinality(v.communes) = 0 OR $5 = ANY(v.communes))
   AND c.contribution_id > $6
 ORDER BY c.contribution_id
 LIMIT $7;

-- name: withdraw_contribution
-- A document is no longer shared.
-- $1 coordination, $2 contribution, $3 day
UPDATE contributions
   SET withdrawn_on = $3
 WHERE coordination = $1
   AND contribution_id = $2;

-- name: forget_contribution_versions
-- What a withdrawn document said is gone.
-- $1 coordination, $2 contribution
DELETE FROM contribution_versions
 WHERE coordination = $1
   AND contribution_id = $2;
