ALTER TABLE deliveries ADD COLUMN numbered_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN deliveries.numbered_at IS 'A confirmed number is forgotten some days after; another one once retention took its message.';
