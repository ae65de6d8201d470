"""Sheets that an office prints and files: what stands on one, and the same as a docx on the page of official documents.

The page is that of GB/T 9704-2012 (A4, 37 mm above, 28 mm on the binding side, type area 156 × 225 mm, 22 lines of 28
characters, body in 仿宋 of size 3, page numbers of size 4 between dashes, outside). Sheets carry no red head and no
seal: they accompany official documents and are none. Fonts are named, never shipped: each machine takes its own, or
what stands in for one that it lacks. Tables have lines of a fixed height, so that a sheet takes the same pages whatever
font a machine has: with ordinary texts, one.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE, BLACK, KAI, BODY, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
LATIN = "Times New Roman"
STAND_INS = {TITLE: "华文中宋", KAI: "楷体", BODY: "仿宋"}
"""What a machine takes that lacks a font: those that come with Windows and with office programs."""
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
LINE = Pt(28.95)
_CLOSER = -5
"""By how many twentieths of a point body characters stand closer, so that 28 of them fill the 156 mm of a line. A grid
of characters would say it, too, but programs read its negative steps in different ways."""
_LABEL_WIDTH, _HALF_WIDTH, _TEXT_WIDTH = Mm(24), Mm(54), Mm(132)
_SPACING = {SIZE_4: Pt(19), SIZE_5: Pt(14)}
_LOG_WIDTHS = Mm(33), Mm(22), Mm(41), Mm(60)
"""Wide enough for a day with its time, a deed, an office with a name, and an ordinary opinion to stand in one line
each, so that the sheet of an ordinary case, from report to closure, takes one page."""
_PADDING, _GAP = Pt(2), Pt(8)
_SIGNED_HEIGHT, _SIGNED_A_LINE = Mm(12), 3
_LABEL_HALVES, _LINE_HALVES = 8, 20
"""How many half-width characters a label and half a line hold."""
_WHOLE_MAX = 400
"""A longer text may be broken over pages; what is shorter goes over whole."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Every text is ready to be read.

    number: printed under the title, right. addressee: to whom it goes, "" for nobody in particular.
    rows: label and text of the table; `lines` is how they stand in it. sections: a heading and its paragraphs.
    log: what has happened, a head and rows. signatures: what is filled in by hand, each a label with a box.
    unit, day: who issues it and when (成文日期).
    """

    title: str
    number: str = ""
    addressee: str = ""
    opening: str = ""
    rows: Sequence[tuple[str, str]] = ()
    sections: Sequence[tuple[str, Sequence[str]]] = ()
    log_title: str = ""
    log_head: Sequence[str] = ()
    log: Sequence[Sequence[str]] = ()
    signatures: Sequence[str] = ()
    unit: str = ""
    day: str = ""

    @property
    def lines(self) -> list[tuple[tuple[str, str], ...]]:
        """The rows as they stand: two short ones that follow each other share a line."""
        lines: list[tuple[tuple[str, str], ...]] = []
        for row in self.rows:
            if lines and len(lines[-1]) == 1 and _fit(lines[-1][0], row):
                lines[-1] = (lines[-1][0], row)
            else:
                lines.append((row,))
        return lines


def _fit(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two rows share a line: each text has at most two lines in its half, and one of them but one."""
    labels, texts = zip(one, other, strict=True)
    short, long = sorted(_halves(text) for text in texts)
    return max(map(_halves, labels)) <= _LABEL_HALVES and short <= _LINE_HALVES and long <= 2 * _LINE_HALVES


def _halves(text: str) -> int:
    """Return how wide a text is in half-width characters; one of several lines is wider than any line."""
    if "\n" in text:
        return 1_000
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def write_docx(sheet: Sheet) -> bytes:
    """Return the sheet as a docx file."""
    document = Document()
    _set_page(document)
    _name_stand_ins(document)
    _set_style(document.styles["Normal"])
    title = _paragraph(document, sheet.title, font=TITLE, size=SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_after = Pt(0) if sheet.number else LINE
    if sheet.number:
        _paragraph(document, sheet.number, size=SIZE_4, align=WD_ALIGN_PARAGRAPH.RIGHT)
    if sheet.addressee:
        _paragraph(document, f"{sheet.addressee}：")
    if sheet.opening:
        _paragraph(document, sheet.opening, indent=True)
    if sheet.rows:
        _facts(document, sheet.lines)
    for heading, paragraphs in sheet.sections:
        _paragraph(document, heading, font=BLACK, indent=True)
        for text in paragraphs:
            _paragraph(document, text, indent=True)
    if sheet.log:
        _paragraph(document, sheet.log_title, font=BLACK, indent=True)
        shares = _LOG_WIDTHS if len(sheet.log_head) == len(_LOG_WIDTHS) else ()
        _table(document, [sheet.log_head, *sheet.log], shares, size=SIZE_5, head=True)
    end = _signatures(document, sheet.signatures)
    for text in (sheet.unit, sheet.day):
        if text:
            end.append(_paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT))
            end[-1].paragraph_format.right_indent = SIZE_3 * 4
    for line in end[:-1]:
        # No date or signature stands alone on a page of its own: the end goes over whole.
        line.paragraph_format.keep_with_next = True
    properties = document.core_properties
    properties.title, properties.author, properties.comments = sheet.title, sheet.unit, ""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)  # the number stands 7 mm below the text
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(LINE.pt * 20)))
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        _number_page(footer.paragraphs[0], align)


def _name_stand_ins(document: Any) -> None:
    """Name in the table of fonts what stands in for one that is missing, so that no machine takes just any."""
    (table,) = (part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = parse_xml(table.blob)
    for name, other in STAND_INS.items():
        font, alternative = OxmlElement("w:font"), OxmlElement("w:altName")
        font.set(qn("w:name"), name)
        alternative.set(qn("w:val"), other)
        font.append(alternative)
        fonts.append(font)
    table._blob = serialize_part_xml(fonts)


def _number_page(paragraph: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """Write “— 1 —” outside: on odd pages right, on even ones left, one character in from the edge."""
    paragraph.alignment = align
    if align is WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = SIZE_4
    else:
        paragraph.paragraph_format.left_indent = SIZE_4
    for text, field in (("— ", ""), ("", "begin"), ("", " PAGE "), ("", "end"), (" —", "")):
        run = paragraph.add_run(text)
        _dress(run, SONG, SIZE_4, latin=SONG)
        if field in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), field)
            run._r.append(mark)
        elif field:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = field
            run._r.append(code)


def _set_style(style: Any) -> None:
    _dress(style, BODY, SIZE_3)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(_CLOSER))
    style.element.get_or_add_rPr().append(closer)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.widow_control = False


def _dress(styled: Any, font: str, size: Pt, *, latin: str = LATIN) -> None:
    """Set the font of Chinese and of Latin characters: a name given the usual way reaches the Latin ones only."""
    styled.font.name, styled.font.size = latin, size
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for which, name in (("w:eastAsia", font), ("w:ascii", latin), ("w:hAnsi", latin)):
        fonts.set(qn(which), name)


def _paragraph(
    document: Any, text: str, *, font: str = BODY, size: Pt = SIZE_3, align: Any = None, indent: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = size * 2
    _dress(paragraph.add_run(_printable(text)), font, size)
    return paragraph


def _facts(document: Any, lines: Sequence[tuple[tuple[str, str], ...]]) -> None:
    """Write labels and texts, one or two to a line."""
    widths = [_LABEL_WIDTH, _HALF_WIDTH] * 2
    table = _begin_table(document, widths)
    for line in lines:
        row = table.add_row()
        _keep_whole(row, max(len(text) for _label, text in line))
        cells = list(row.cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        if len(line) == 1:
            cells[1:] = [cells[1].merge(cells[3])]
            cells[1].width = _TEXT_WIDTH
        for at, (cell, text) in enumerate(zip(cells, (text for pair in line for text in pair), strict=True)):
            _write(cell, text, SIZE_4, is_label=at % 2 == 0)
    _gap(document)


def _table(
    document: Any, rows: Sequence[Sequence[str]], widths: Sequence[Any], *, size: Pt = SIZE_4, head: bool = False
) -> None:
    table = _begin_table(document, widths, columns=len(rows[0]))
    for at, texts in enumerate(rows):
        line = table.add_row()
        _keep_whole(line, max(map(len, texts), default=0), repeat=head and at == 0)
        for column, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
            if widths:
                cell.width = widths[column]
            _write(cell, text, size, is_label=head and at == 0)
    _gap(document)


def _signatures(document: Any, labels: Sequence[str]) -> list[Any]:
    """Write what is signed by hand as boxes, and return their paragraphs."""
    paragraphs = []
    for at in range(0, len(labels), _SIGNED_A_LINE):
        some = labels[at : at + _SIGNED_A_LINE]
        blank = Mm(156) // len(some) - _LABEL_WIDTH
        widths = [_LABEL_WIDTH, blank] * len(some)
        row = _begin_table(document, widths).add_row()
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, _SIGNED_HEIGHT
        _keep_whole(row)
        for column, cell in enumerate(row.cells):
            cell.width, cell.vertical_alignment = widths[column], WD_CELL_VERTICAL_ALIGNMENT.CENTER
            text = "" if column % 2 else some[column // 2]
            paragraphs.append(_write(cell, text, SIZE_4, is_label=column % 2 == 0))
        paragraphs.append(_gap(document))
    return paragraphs


def _begin_table(document: Any, widths: Sequence[Any], *, columns: int = 0) -> Any:
    table = document.add_table(rows=0, cols=columns or len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, not widths
    for column, width in zip(table.columns, widths, strict=False):
        column.width = width
    return table


def _write(cell: Any, text: str, size: Pt, *, is_label: bool) -> Any:
    """Write a text into a cell of a table, in lines as close as its size wants, not a body line apart."""
    paragraph = cell.paragraphs[0]
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _SPACING[size]
    form.space_before = form.space_after = _PADDING
    _leave_grid(paragraph)
    if is_label:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _dress(paragraph.add_run(_printable(text)), BLACK if is_label else BODY, size)
    return paragraph


def _gap(document: Any) -> Any:
    """Part a table from what follows, so that two of them do not become one."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = _GAP
    _leave_grid(paragraph)
    return paragraph


def _leave_grid(paragraph: Any) -> None:
    """Let the lines of a table stand as close as its characters want, not a body line apart."""
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    form = paragraph._p.get_or_add_pPr()
    form.insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _keep_whole(row: Any, characters: int = 0, *, repeat: bool = False) -> None:
    """Let no row of ordinary length break over a page; repeat the head on each."""
    form = row._tr.get_or_add_trPr()
    if characters <= _WHOLE_MAX:
        form.append(OxmlElement("w:cantSplit"))
    if repeat:
        form.append(OxmlElement("w:tblHeader"))


def _printable(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return "".join(character for character in text if character in "\n\t" or character >= " ")
