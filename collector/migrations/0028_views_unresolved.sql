-- "open" was the word for all that is not resolved or closed; it is the state alone from now on.
UPDATE views SET body = REPLACE(body, '"state":"open"', '"state":"unresolved"');
UPDATE views SET body = REPLACE(body, '"state":"open,', '"state":"unresolved,');
UPDATE views SET body = REPLACE(body, ',open"', ',unresolved"') WHERE body LIKE '%"state":"%,open"%';
