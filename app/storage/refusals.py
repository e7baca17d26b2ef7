"""Why a scan is not taken, in sentences (DESIGN §6: what happened, what to do). It reads no file."""

from app.domain.errors import Refused, Sentence
from app.domain.terms import N_

SENTENCES: dict[str, str] = {
    "no_file": N_("请选择要上传的 PDF 文件。"),
    "extension": N_("没有收下「%(name)s」：只收 PDF 文件，请把原件扫描成 PDF 后重新上传。"),
    "empty": N_("没有收下「%(name)s」：文件是空的，请重新选择。"),
    "too_large": N_("没有收下「%(name)s」：文件 %(size)s MB，超过 %(limit)s MB，请压缩后再传。"),
    "over_limit": N_("没有收下「%(name)s」：文件超过 %(limit)s MB，请压缩后再传。"),
    "not_pdf": N_("没有收下「%(name)s」：内容不是 PDF，只改扩展名不行，请把原件扫描成 PDF 后重新上传。"),
    "trailing": N_("没有收下「%(name)s」：文件末尾夹带了其他内容，请重新导出后上传。"),
    "archive": N_("没有收下「%(name)s」：文件里夹带了压缩包（ZIP），请重新导出后上传。"),
    "encrypted": N_("没有收下「%(name)s」：文件带密码，请去掉密码后重新上传。"),
    "restricted": N_("没有收下「%(name)s」：文件限制了打印或复制，请打印成新的 PDF 后重新上传。"),
    "joined": N_("没有收下「%(name)s」：文件由几个 PDF 拼接而成，请合并打印成一个新的 PDF 后重新上传。"),
    "damaged": N_("没有收下「%(name)s」：文件不完整或已损坏，请重新扫描或导出后上传。"),
    "no_pages": N_("没有收下「%(name)s」：文件里没有页面，请重新扫描后上传。"),
    "too_many_pages": N_("没有收下「%(name)s」：文件有 %(pages)s 页，超过 %(limit)s 页，请分成几个文件上传。"),
    "javascript": N_("没有收下「%(name)s」：文件里有脚本（JavaScript），请打印成普通 PDF 后重新上传。"),
    "automatic_action": N_(
        "没有收下「%(name)s」：文件里有自动执行的动作（OpenAction、AA），请打印成普通 PDF 后重新上传。"
    ),
    "launch": N_("没有收下「%(name)s」：文件里有启动程序的动作（Launch），请打印成普通 PDF 后重新上传。"),
    "embedded_file": N_("没有收下「%(name)s」：文件里夹带了附件（EmbeddedFile），请去掉附件后重新上传。"),
    "external_file": N_("没有收下「%(name)s」：文件会打开另外的文件（GoToR、URI），请打印成普通 PDF 后重新上传。"),
    "form_submission": N_(
        "没有收下「%(name)s」：文件里有提交或导入数据的表单（SubmitForm、ImportData），请打印成普通 PDF 后重新上传。"
    ),
    "xfa": N_("没有收下「%(name)s」：文件是动态表单（XFA），请打印成普通 PDF 后重新上传。"),
    "multimedia": N_("没有收下「%(name)s」：文件里有音频、视频或三维内容（RichMedia），请打印成普通 PDF 后重新上传。"),
    "too_complex": N_("没有收下「%(name)s」：文件展开后过大或过于复杂，请重新扫描成普通 PDF 后上传。"),
    "timeout": N_("没有收下「%(name)s」：文件在规定时间内没有检查完，请重新扫描成普通 PDF 后上传。"),
    "busy": N_("没有收下「%(name)s」：同时上传的文件较多，还没有检查，请稍后重新上传。"),
    "unchecked": N_("没有收下「%(name)s」：检查没有完成，请稍后重新上传，仍不行可联系窗口。"),
    "storage_full": N_("没有收下「%(name)s」：存储空间已满，请稍后重新上传；已保存的内容都在。"),
}
MISSING = N_("这份扫描件在存储中找不到，暂不能查看，请联系系统管理员。")
CORRUPTED = N_("这份扫描件与登记时的内容不一致，暂不能查看，请联系系统管理员。")
NOT_SHOWN = N_("这一页暂时不能预览，请下载后查看。")


class ScanError(Exception):
    """One of the reasons above, raised where the file's name is not known."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def refused(self, name: str) -> Refused:
        """The refusal that a person reads; its code is `scan_` and the reason."""
        sentence = Sentence(SENTENCES[self.reason], {"name": name, **self.values})
        return Refused(sentence, code=f"scan_{self.reason}")


def megabytes(size: int) -> str:
    """A size rounded up to a tenth, so that what is over the limit also reads so."""
    tenths = -(-size * 10 // (1024 * 1024))
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
