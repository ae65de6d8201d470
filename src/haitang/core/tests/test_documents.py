"""The page of a sheet is that of the standard, whatever stands on it."""

from io import BytesIO

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from haitang.core.documents import BODY, STAND_INS, TITLE, Sheet, write_docx

SHEET = Sheet(
    title="案件办理单", number="编号：20260506-0001", addressee="住房和城乡建设局", opening="请办理。",
    rows=[("类别", "路灯"), ("问题描述", "灯不亮\x0b\x00" * 3)], sections=[("一、要求", ["尽快修复。"])],
    log_title="流转记录", log_head=("时间", "环节", "经办", "意见"), log=[("5月6日", "受理", "周敏", "同意")] * 60,
    signatures=["签收人"], unit="海棠街道办事处", day="2026年5月6日",
)  # fmt: skip


@pytest.fixture(scope="module")
def document():
    return Document(BytesIO(write_docx(SHEET)))


def test_the_page_is_that_of_official_documents(document):
    section = document.sections[0]
    page = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    assert [round(each.mm) for each in page] == [210, 297, 37, 28]
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    normal = document.styles["Normal"]
    assert (normal.font.size.pt, round(normal.paragraph_format.line_spacing.pt, 2)) == (16, 28.95)
    assert 22 * 28.95 <= 225 / 25.4 * 72 < 23 * 28.95
    assert round((section.page_height - section.top_margin - section.bottom_margin) / Mm(1)) == 225
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
    assert document.settings.odd_and_even_pages_header_footer


def test_chinese_characters_have_their_own_font(document):
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == BODY
    title = document.paragraphs[0].runs[0]
    assert title.element.rPr.rFonts.get(qn("w:eastAsia")) == TITLE
    assert title.font.size.pt == 22
    every = [run for paragraph in document.paragraphs for run in paragraph.runs]
    assert all(run.element.rPr.rFonts.get(qn("w:eastAsia")) for run in every)


def test_a_machine_without_a_font_is_told_what_stands_in_for_it(document):
    (table,) = (part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    named = parse_xml(table.blob)
    told = {
        font.get(qn("w:name")): other.get(qn("w:val"))
        for font in named for other in font.findall(qn("w:altName")) if font.get(qn("w:name")) in STAND_INS
    }  # fmt: skip
    assert told == STAND_INS


def test_pages_are_numbered_outside(document):
    section = document.sections[0]
    for footer, where in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment.name == where
        assert paragraph.text == "—  —"
        assert " PAGE " in paragraph._p.xml


def test_signatures_unit_and_day_are_not_parted_by_the_end_of_a_page(document):
    *together, last = document.paragraphs[-3:]
    assert [line.text for line in (*together, last)][1:] == [SHEET.unit, SHEET.day]
    assert all(line.paragraph_format.keep_with_next for line in together)
    boxes = [cell.paragraphs[0] for cell in document.tables[-1].rows[0].cells]
    assert [box.text for box in boxes] == ["签收人", ""]
    assert all(box.paragraph_format.keep_with_next for box in boxes)
    assert not last.paragraph_format.keep_with_next


def test_everything_stands_on_it(document):
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in ("案件办理单", "住房和城乡建设局：", "一、要求", "2026年5月6日"):
        assert part in text
    facts, log, signed = document.tables
    assert [cell.text for cell in facts.rows[0].cells] == ["类别", "路灯", "问题描述", "灯不亮" * 3]
    assert len(log.rows) == 61
    assert round(signed.rows[0].height.mm) == 12


def test_two_short_rows_share_a_line_and_long_ones_do_not():
    rows = [("类别", "路灯"), ("时间", "今天"), ("承办单位", "某市住房和城乡建设局"), ("状态", "处置中")]
    lines = Sheet("", rows=[*rows, ("描述", "长" * 21), ("结果", "两\n行"), ("状态", "好")]).lines
    assert [[label for label, _text in line] for line in lines] == [
        ["类别", "时间"], ["承办单位", "状态"], ["描述"], ["结果"], ["状态"],
    ]  # fmt: skip


def test_a_long_row_may_be_broken_over_pages_and_a_short_one_goes_over_whole():
    document = Document(BytesIO(write_docx(Sheet("", rows=[("短", "字" * 21), ("长", "字" * 401)]))))
    assert ["w:cantSplit" in row._tr.xml for row in document.tables[0].rows] == [True, False]
