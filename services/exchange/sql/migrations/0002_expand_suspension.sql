ALTER TABLE agreements ADD COLUMN suspended boolean NOT NULL DEFAULT false;
