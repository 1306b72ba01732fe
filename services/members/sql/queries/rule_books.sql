-- name: latest_version
-- The number of the last rule book; the coordination is locked, so that the next one is free.
-- $1 coordination
SELECT coalesce((SELECT max(version) FROM rule_books WHERE coordination = $1), 0) AS version
  FROM coordinations
 WHERE coordination = $1
   FOR UPDATE;

-- name: add_rule_book
-- Adopt a rule book; nothing when its id is taken.
-- $1 coordination, $2 version, $3 rule book, $4 day, $5 document, $6 hash, $7 instant
INSERT INTO rule_books (coordination, version, rule_book_id, adopted_on, document, sha256,
                        recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING version;

-- name: rule_book
-- One version of a coordination's rule book, the last one when none is named.
-- $1 coordination, $2 version or null
SELECT coordination, version, rule_book_id, adopted_on, document, sha256
  FROM rule_books
 WHERE coordination = $1
   AND ($2::integer IS NULL OR version = $2)
 ORDER BY version DESC
 LIMIT 1;

-- name: rule_book_by_id
-- The rule book that an id stands for.
-- $1 rule book
SELECT coordination, version, rule_book_id, adopted_on, document, sha256
  FROM rule_books
 WHERE rule_book_id = $1;

-- name: rule_books
-- A page of a coordination's rule books, the last one first.
-- $1 coordination, $2 before this version, $3 most rows
SELECT coordination, version, rule_book_id, adopted_on, document, sha256
  FROM rule_books
 WHERE coordination = $1
   AND version < $2
 ORDER BY version DESC
 LIMIT $3;
