from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from pipeline.schema_update.merge_schema_text import merge_schema_text
from tests.components.anomaly_guard.statistics import SCHEMA, SCHEMA_TEXT

TEXT = """\
# What we expect.

feature {
  name: "height"  # in pixels
  type: INT
  shape {}
  int_domain { min: 1 max: 500 }  # of our cameras
}
feature {  # from the file
  name: "format"
  type: BYTES
  domain: "formats"
}
string_domain {
  name: "formats"
  value: "png"  # the good one
  value: "jpeg"
}
"""


def parsed(text: str) -> schema_pb2.Schema:
    return text_format.Parse(text, schema_pb2.Schema())


def test_nothing_new_is_the_same_text():
    assert merge_schema_text(TEXT, parsed(TEXT)) == TEXT
    assert merge_schema_text(SCHEMA_TEXT, SCHEMA) == SCHEMA_TEXT


def test_a_change_leaves_all_other_lines_and_comments():
    schema = parsed(TEXT)
    schema.feature[0].int_domain.max = 720
    schema.feature[1].skew_comparator.infinity_norm.threshold = 0.25
    schema.string_domain[0].value.append("gif")
    assert merge_schema_text(TEXT, schema) == TEXT.replace("max: 500 }", "max: 720 }").replace(
        '  domain: "formats"\n', '  domain: "formats"\n  skew_comparator { infinity_norm { threshold: 0.25 } }\n'
    ).replace('  value: "jpeg"\n', '  value: "jpeg"\n  value: "gif"\n')


def test_entries_come_and_go():
    schema = parsed(TEXT)
    del schema.feature[1], schema.string_domain[0]
    schema.feature.add(name="new", type=schema_pb2.FLOAT)
    merged = merge_schema_text(TEXT, schema)
    assert merged == TEXT[: TEXT.index("feature {  # from")] + 'feature {\n  name: "new"\n  type: FLOAT\n}\n'


def test_a_field_that_goes_takes_its_line_along():
    schema = parsed(TEXT)
    schema.feature[0].ClearField("shape")
    assert merge_schema_text(TEXT, schema) == TEXT.replace("  shape {}\n", "")


def test_a_text_of_another_form_is_written_anew():
    text = 'feature { name: "height" type: INT } feature {\n name: "format"\n type: BYTES }'
    schema = parsed(text)
    schema.feature[0].int_domain.max = 720
    assert parsed(merge_schema_text(text, schema)) == schema


def test_an_entry_of_fields_over_several_lines_stays_a_schema():
    text = 'feature {\n  name: "height"\n  type: INT\n  int_domain {\n    max: 500\n  }\n}\n'
    schema = parsed(text)
    schema.feature[0].int_domain.max = 720
    assert parsed(merge_schema_text(text, schema)) == schema
