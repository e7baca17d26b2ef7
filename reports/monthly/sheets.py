"""登记月报 as a workbook: the table, native charts over real cells, the definitions, the parameters."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from openpyxl.chart import BarChart, LineChart, Reference

from app.domain.clock import SHANGHAI
from app.domain.terms import N_
from reports.monthly.definitions import BY_KEY, DEFINITIONS, GENERAL
from reports.monthly.figures import Line
from reports.monthly.report import TITLE, Report
from reports.workbook import Book, Column, Form, Sheet

Say = Callable[[str], str]

TABLE, CHARTS, MEANINGS, PARAMETERS = N_("登记月报"), N_("图表"), N_("指标说明"), N_("参数")
CHARTED = ("registered", "approved", "issued")
CHART_WIDTH_CM, CHART_HEIGHT_CM = 22, 9.5


def write(report: Report, file: IO[bytes], *, say: Say = str) -> int:
    """Write the workbook; gives the number of rows of its table. `say` puts our words into the reader's language."""
    title = say(TITLE) % report.title_values
    book = Book(title, made_at=report.made_at, say=say)
    count = _table(book, report, title, say)
    _charts(book, report, say)
    _meanings(book, report, say)
    _parameters(book, report, say)
    book.save(file)
    return count


def _table(book: Book, report: Report, title: str, say: Say) -> int:
    columns = [
        Column(say(N_("序号")), Form.COUNT, 6),
        Column(say(N_("区划")), width=16),
        Column(say(N_("项目分类")), width=18),
        Column(say(N_("立项级别")), width=12),
        *(Column(say(definition.heading), definition.form, definition.width) for definition in DEFINITIONS),
    ]
    sheet = book.sheet(say(TABLE), columns, above=[title, _byline(report, say)])
    lines = list(report.figures.table())
    for line in lines:
        sheet.row(_values(report, line, say), bold=line.kind != "line")
    return len(lines)


def _values(report: Report, line: Line, say: Say) -> list[Any]:
    labels = [say(label) if label else None for label in report.labels(line)]
    return [line.place or None, *labels, *(line.value(definition.key) for definition in DEFINITIONS)]


def _byline(report: Report, say: Say) -> str:
    """Who made it and when; and of an issued edition its number and code."""
    made = say(N_("统计月份 %(month)s　制表 %(by)s　%(at)s")) % {
        "month": report.month,
        "by": report.made_by,
        "at": _local(report.made_at),
    }
    return f"{made}　{_edition(report, say)}"


def _edition(report: Report, say: Say) -> str:
    if report.edition is None:
        return say(N_("未发布，按制表时的数据"))
    return say(N_("已发布第 %(number)s 版，校验码 %(code)s")) % {
        "number": report.edition.number,
        "code": report.edition.check_code,
    }


def _charts(book: Book, report: Report, say: Say) -> None:
    """Two small tables, and the charts that are drawn from their cells."""
    headings = [say(BY_KEY[name].heading) for name in CHARTED]
    columns = [Column(say(N_("区划")), width=18), *(Column(heading, Form.COUNT, 10) for heading in headings)]
    sheet = book.sheet(say(CHARTS), columns)
    for region in report.figures.regions:
        line = report.figures.subtotal(region)
        sheet.row([report.labels(line)[0] or None, *(line.value(name) for name in CHARTED)])
    _draw(sheet, BarChart(), say(N_("各区划登记、通过、发号数")), 1, "F2")
    sheet.row([None] * len(columns))
    first = sheet.last_row + 1
    sheet.headings([say(N_("月份")), *headings])
    for point in report.figures.trend:
        sheet.row([point.month, point.registered, point.approved, point.issued])
    _draw(sheet, LineChart(), say(N_("近十二个月登记、通过、发号数")), first, "F23")


def _draw(sheet: Sheet, chart: Any, title: str, heading_row: int, place: str) -> None:
    """A chart of the table that ends in the last row: names in column A, one series per further column."""
    cells = {"worksheet": sheet.worksheet, "min_row": heading_row, "max_row": sheet.last_row}
    chart.add_data(Reference(min_col=2, max_col=1 + len(CHARTED), **cells), titles_from_data=True)
    chart.set_categories(Reference(min_col=1, **{**cells, "min_row": heading_row + 1}))
    chart.title, chart.width, chart.height = title, CHART_WIDTH_CM, CHART_HEIGHT_CM
    chart.legend.position = "b"
    chart.x_axis.delete = chart.y_axis.delete = False  # unsaid, newer readers leave the axes out
    chart.y_axis.number_format = "0"
    sheet.worksheet.add_chart(chart, place)


def _meanings(book: Book, report: Report, say: Say) -> None:
    above = [say(MEANINGS), say(N_("口径版本 %(version)s")) % {"version": report.definition_version}]
    columns = [Column(say(N_("指标")), width=20), Column(say(N_("口径")), Form.PROSE, 90)]
    sheet = book.sheet(say(MEANINGS), columns, above=above)
    for definition in DEFINITIONS:
        sheet.row([say(definition.heading), say(definition.meaning)])
    for sentence in GENERAL:
        sheet.row([say(N_("总则")), say(sentence)])


def _parameters(book: Book, report: Report, say: Say) -> None:
    columns = [Column(say(N_("参数")), width=24), Column(say(N_("值")), width=70)]
    sheet = book.sheet(say(PARAMETERS), columns, landscape=False)
    for name, value in _parameter_rows(report, say):
        sheet.row([name, value])


def _parameter_rows(report: Report, say: Say) -> Iterator[tuple[str, str]]:
    yield say(N_("机构")), f"{report.bureau_code} {report.bureau_name}"
    yield say(N_("统计月份")), str(report.month)
    yield say(N_("起止日期")), f"{report.month.first} — {report.month.last}"
    yield say(N_("制表人")), report.made_by
    yield say(N_("制表时间")), _local(report.made_at)
    yield say(N_("口径版本")), report.definition_version
    yield say(N_("发布情况")), _edition(report, say)
    if report.edition is not None:
        yield say(N_("发布人")), report.edition.issued_by
        yield say(N_("发布时间")), _local(report.edition.issued_at)
        yield "SHA-256", report.edition.content_hash


def _local(instant: Any) -> str:
    return str(instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
