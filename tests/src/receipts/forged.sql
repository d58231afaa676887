-- What somebody who has the database but not the devices may do to hide what they had done.
DELETE FROM job_events WHERE job_key = (SELECT job_key FROM jobs WHERE title = 'disk.space');
DELETE FROM ticket_orders WHERE job_key = (SELECT job_key FROM jobs WHERE title = 'disk.space');
DELETE FROM jobs WHERE title = 'disk.space';
UPDATE jobs SET requested_by = 'eve' WHERE title = 'memory.pressure';
UPDATE jobs SET order_bytes = x'00' WHERE title = 'net.link';
UPDATE jobs SET state = 'failed' WHERE title = 'net.route';
