-- 16 bytes that the device's spoken codes are vouched for with. NULL: it enrolled before there were any.
ALTER TABLE devices ADD COLUMN code_key BYTEA NULL;
