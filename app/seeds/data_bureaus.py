"""The bureau tree of SPEC §1 and the contacts that the notice publishes."""

from datetime import date
from typing import NamedTuple


class Office(NamedTuple):
    """A bureau; its code is that of the region it works on."""

    code: str
    name: str
    parent: str | None
    effective_on: date | None = None
    requires_originals: bool = False


class Person(NamedTuple):
    """Whom the notice names for a bureau."""

    bureau: str
    person: str
    phones: str
    qq: str
    qq_group: str


ROOT = "320200"

BUREAUS = (
    Office(ROOT, "无锡市住房和城乡建设局", None),
    Office("320281", "江阴市住房和城乡建设局", ROOT, date(2016, 1, 10), requires_originals=True),
    Office("320282", "宜兴市住房和城乡建设局", ROOT),
    Office("320213", "无锡市梁溪区住房和城乡建设局", ROOT),
    Office("320205", "无锡市锡山区住房和城乡建设局", ROOT),
    Office("320206", "无锡市惠山区住房和城乡建设局", ROOT),
    Office("320211", "无锡市滨湖区住房和城乡建设局", ROOT),
    Office("320214", "无锡市新吴区住房和城乡建设局", ROOT),
)

CONTACTS = (
    Person(ROOT, "高洋", "81822714、68783364", "335855289", "115399101"),
    Person("320281", "张潇", "86071119", "335855289", "115399101"),
)
