"""The two standard shapes that every extract becomes: record and event.

A *record* is one version of what one partner's system says about who a person is and how
to reach them. A *event* is one thing that happened to a person. Both carry where they came
from, so any value on a screen can be walked back to a row of a file.
"""

import pyarrow as pa

__all__ = ["EVENTS", "FLAGS", "RECORDS", "RECORD_ROWS"]

RECORDS = pa.schema(
    [
        # grain: record_id = first 16 hex digits of SHA-256 over dataset, source_id and the
        # identifying columns, so that the same version always has the same id
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("partner", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("given_name", pa.string()),
        pa.field("middle_names", pa.string()),
        pa.field("family_name", pa.string()),
        pa.field("birth_date", pa.date32()),
        pa.field("sex", pa.string()),  # F, M or null
        pa.field("address", pa.string()),  # lines joined with ", "
        pa.field("postcode", pa.string()),  # "LB1 4QT"
        pa.field("uprn", pa.int64()),
        pa.field("nhs_number", pa.string()),
        pa.field("nino", pa.string()),
        pa.field("upn", pa.string()),
        pa.field("phone", pa.string()),
        pa.field("email", pa.string()),
        pa.field("seen_from", pa.date32()),  # first and last day this version was seen
        pa.field("seen_to", pa.date32()),
    ]
)

RECORD_ROWS = pa.schema(
    [
        # grain: dataset, file, row_number. Which rows of which files gave which record.
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),  # file name in the inbox
        pa.field(
            "row_number", pa.int64(), nullable=False
        ),  # one-based data row, header not counted
        pa.field("record_id", pa.string(), nullable=False),
    ]
)

EVENTS = pa.schema(
    [
        # grain: event_id = hash of dataset, the row's key and the kind, so that a corrected
        # row replaces its event
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("partner", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # event field of the vocabulary
        pa.field("start_on", pa.date32(), nullable=False),
        pa.field("end_on", pa.date32()),
        pa.field("attributes", pa.string(), nullable=False),  # JSON object of vocabulary attributes
    ]
)

FLAGS = pa.schema(
    [
        # grain: dataset, source_id, flag, purpose. Latest statement of each source.
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("partner", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("flag", pa.string(), nullable=False),
        pa.field("purpose", pa.string(), nullable=False),  # "" where the flag has none
        pa.field("value", pa.string(), nullable=False),  # yes, no or unknown
        pa.field("stated_on", pa.date32(), nullable=False),
    ]
)
