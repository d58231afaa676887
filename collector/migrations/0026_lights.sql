-- The worst of a device's findings: 3 critical, 2 warning, 1 unknown, 0 ok. NULL: nothing is reported yet. It is
-- written with the findings, so that a list of many devices asks for none of theirs.
ALTER TABLE devices ADD COLUMN light BIGINT;
UPDATE devices SET light = (
    SELECT MAX(CASE f.status WHEN 2 THEN 3 WHEN 1 THEN 2 WHEN 3 THEN 1 ELSE 0 END) FROM findings f
    WHERE f.device_key = devices.device_key
);
