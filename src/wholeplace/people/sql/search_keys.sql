-- grain: key, person_id, partner
-- reads: records, person_records
-- units: key is kind:value, for example postcode:LB14QT; values are without spaces, capitals,
--   accents or apostrophes, names one key a word; field is the vocabulary field of the value
-- What a person can be searched by, over every record of theirs, and which partner holds it:
-- a search must never tell of a value that only partners hidden from the searcher hold.
WITH held AS (
    SELECT person_records.person_id, records.*
    FROM records
    INNER JOIN person_records ON records.record_id = person_records.record_id
),

words AS (
    SELECT DISTINCT
        person_id,
        partner,
        unnest(
            regexp_split_to_array(
                lower(
                    strip_accents(
                        regexp_replace(
                            concat_ws(' ', given_name, middle_names, family_name), '[''’`]', '', 'g'
                        )
                    )
                ),
                '[^\p{L}\p{N}]+'
            )
        ) AS word
    FROM held
)

SELECT 'name:' || word AS key, person_id, partner, 'identity.name' AS field
FROM words
WHERE word <> ''
UNION
SELECT 'birth-date:' || cast(birth_date AS VARCHAR), person_id, partner, 'identity.birth-date'
FROM held
WHERE birth_date IS NOT NULL
UNION
SELECT 'postcode:' || upper(replace(postcode, ' ', '')), person_id, partner, 'contact.address'
FROM held
WHERE postcode IS NOT NULL
UNION
SELECT 'nhs-number:' || replace(nhs_number, ' ', ''), person_id, partner, 'identity.nhs-number'
FROM held
WHERE nhs_number IS NOT NULL
UNION
SELECT 'nino:' || upper(replace(nino, ' ', '')), person_id, partner, 'identity.nino'
FROM held
WHERE nino IS NOT NULL
UNION
SELECT 'upn:' || upper(replace(upn, ' ', '')), person_id, partner, 'identity.upn'
FROM held
WHERE upn IS NOT NULL
UNION
-- The last ten digits, so that +44 and 0 before a number make no difference.
SELECT
    'phone:' || right(regexp_replace(phone, '[^0-9]', '', 'g'), 10),
    person_id, partner, 'contact.phone'
FROM held
WHERE length(regexp_replace(phone, '[^0-9]', '', 'g')) >= 10
UNION
SELECT 'email:' || lower(trim(email)), person_id, partner, 'contact.email'
FROM held
WHERE email IS NOT NULL
