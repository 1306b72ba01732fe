-- The sheet of a commune tells how far its needs are.
CREATE INDEX needs_by_commune ON needs (coordination, commune) WHERE NOT withdrawn;
