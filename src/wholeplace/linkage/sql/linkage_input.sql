-- grain: record_id
-- reads: records, given_forms
-- params:
-- units: names in lower case without accents; birth_date_days is days since 1970-01-01
-- One row a record, standardised once, so that blocking and comparing read plain columns.
WITH spelt AS (
    SELECT
        *,
        trim(regexp_replace(
            regexp_replace(lower(strip_accents(given_name)), '[''’`.]', '', 'g'),
            '[^a-z]+', ' ', 'g'
        )) AS given_words,
        trim(regexp_replace(
            regexp_replace(lower(strip_accents(middle_names)), '[''’`.]', '', 'g'),
            '[^a-z]+', ' ', 'g'
        )) AS middle_words,
        trim(regexp_replace(
            regexp_replace(lower(strip_accents(family_name)), '[''’`.]', '', 'g'),
            '[^a-z]+', ' ', 'g'
        )) AS family_words,
        regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g') AS postcode_text,
        trim(regexp_replace(
            lower(strip_accents(split_part(address, ',', 1) || ' ' || split_part(address, ',', 2))),
            '[^a-z0-9]+', ' ', 'g'
        )) AS first_lines,
        regexp_replace(phone, '[^0-9]', '', 'g') AS phone_digits,
        lower(trim(email)) AS email_text
    FROM records
),

named AS (
    SELECT
        *,
        nullif(split_part(
            regexp_replace(given_words, '^(mr|mrs|miss|ms|dr|master|mx) ', ''), ' ', 1
        ), '') AS given_one,
        -- A second given name in the first-name box is a middle name.
        nullif(trim(concat_ws(
            ' ',
            nullif(regexp_replace(
                regexp_replace(given_words, '^(mr|mrs|miss|ms|dr|master|mx) ', ''), '^[a-z]+ ?', ''
            ), ''),
            nullif(middle_words, '')
        )), '') AS middle_all,
        nullif(family_words, '') AS family_all,
        nullif(regexp_replace(family_words, ' ', '', 'g'), '') AS family_one,
        nullif(postcode_text, '') AS postcode_key,
        nullif(array_to_string(
            regexp_extract_all(first_lines, '\b[0-9]+[a-z]?\b'), '-'
        ), '') AS building,
        nullif(first_lines, '') AS street_text,
        -- Where only one name is written down, it may be either.
        coalesce(
            nullif(regexp_replace(family_words, ' ', '', 'g'), ''),
            nullif(split_part(given_words, ' ', 1), '')
        ) AS last_name,
        nullif(regexp_replace(phone_digits, '^(0044|44|0)', ''), '') AS phone_key,
        nullif(email_text, '') AS email_key
    FROM spelt
),

sounded AS (
    SELECT
        *,
        -- Soundex's letter groups: repeated sounds once, vowels dropped.
        translate(
            substr(regexp_replace(
                regexp_replace(regexp_replace(last_name, '^kn', 'n'), 'gh|h|w', '', 'g'),
                'ph', 'f', 'g'
            ), 2),
            'bfpvcgjkqsxzdtlmnraeiouy', '111122222222334556'
        ) AS family_digits
    FROM named
)

SELECT
    sounded.record_id,
    sounded.dataset,
    sounded.dataset || chr(31) || sounded.source_id AS source_key,
    sounded.given_one AS given_name,
    left(sounded.given_one, 1) AS given_initial,
    coalesce(forms.root, sounded.given_one) AS given_root,
    coalesce(forms.forms, [sounded.given_one]) AS given_forms,
    sounded.middle_all AS middle_names,
    coalesce(string_split(sounded.middle_all, ' '), []) AS middle_parts,
    sounded.family_one AS family_name,
    coalesce(regexp_extract_all(sounded.family_all, '[a-z]{3,}'), []) AS family_parts,
    left(sounded.last_name, 1) || left(
        regexp_replace(regexp_replace(regexp_replace(
            regexp_replace(regexp_replace(regexp_replace(
                sounded.family_digits, '1+', '1', 'g'
            ), '2+', '2', 'g'), '3+', '3', 'g'),
            '4+', '4', 'g'
        ), '5+', '5', 'g'), '6+', '6', 'g'),
        3
    ) AS family_sound,
    CASE
        WHEN sounded.given_one < sounded.family_one
            THEN sounded.given_one || ' ' || sounded.family_one
        ELSE sounded.family_one || ' ' || sounded.given_one
    END AS name_set,
    sounded.birth_date,
    year(sounded.birth_date) AS birth_year,
    strftime(sounded.birth_date, '%m%d') AS birth_day,
    strftime(sounded.birth_date, '%d%m') AS birth_day_swapped,
    strftime(sounded.birth_date, '%Y%m%d') AS birth_digits,
    date_diff('day', DATE '1970-01-01', sounded.birth_date) AS birth_date_days,
    coalesce(strftime(sounded.birth_date, '%m%d') = '0101', false) AS placeholder_date,
    sounded.sex,
    sounded.uprn,
    sounded.postcode_key AS postcode,
    left(sounded.postcode_key, greatest(length(sounded.postcode_key) - 2, 1)) AS sector,
    sounded.building,
    regexp_replace(sounded.street_text, '^[0-9 ]+', '') AS street,
    -- An address that is only the name of a place.
    CASE
        WHEN sounded.uprn IS null AND sounded.building IS null THEN sounded.street_text
    END AS locality,
    sounded.postcode_key || '/' || coalesce(sounded.building, left(sounded.street_text, 24))
        AS home,
    sounded.phone_key AS phone,
    sounded.email_key AS email,
    nullif(regexp_replace(sounded.nhs_number, '[^0-9]', '', 'g'), '') AS nhs_number,
    nullif(regexp_replace(upper(sounded.nino), '[^A-Z0-9]', '', 'g'), '') AS nino,
    nullif(regexp_replace(upper(sounded.upn), '[^A-Z0-9]', '', 'g'), '') AS upn,
    sounded.seen_from,
    sounded.seen_to
FROM sounded
LEFT JOIN given_forms AS forms ON sounded.given_one = forms.name
