import pytest

from haitang.core.privacy import mask_text


@pytest.mark.parametrize(
    ("text", "masked", "count"),
    [
        ("电话13812345678，或0512-53521234", "电话138****78，或051****34", 2),
        ("身份证320585199001011234", "身份证320****34", 1),
        ("卡 6222 0212 3456 7894 ok", "卡 622****94 ok", 1),
        ("joe.blow@example.com", "***@example.com", 1),
        ("call 212-555-1234, SSN - 987-65-4320", "call 212****34, SSN - 987****20", 2),
    ],
)
def test_personal_numbers_in_free_text_are_hidden(text, masked, count):
    assert mask_text(text) == (masked, count)


@pytest.mark.parametrize(
    "text",
    ["2026-01-05 10:06:33.717", "", "工单 101004113403", "网格 320585001001001", "20260105-0000489",
     "共100件", "20260105000012345"],
)  # fmt: skip
def test_dates_codes_and_counts_stay(text):
    assert mask_text(text) == (text, 0)
