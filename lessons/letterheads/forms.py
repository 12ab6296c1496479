"""Forms of a school's administrator: the letterhead, and a template of one kind."""

from typing import Any

from django import forms

PICTURES = "image/png,image/jpeg"
WORD = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterheadForm(forms.Form):
    """校名、页脚、校徽."""

    name = forms.CharField(label="校名", max_length=60, help_text="印在每一页左上角")
    footer = forms.CharField(label="页脚一行", max_length=60, required=False, help_text="如 求真 向善，印在页码前面")
    logo = forms.ImageField(
        label="校徽",
        required=False,
        help_text="PNG 或 JPG，印成 8 毫米高；不选就沿用现在的",
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        error_messages={"invalid_image": "这不是能用的图片。请选一张 PNG 或 JPG"},
    )
    without_logo = forms.BooleanField(label="不印校徽", required=False)


class TemplateForm(forms.Form):
    """One kind's template."""

    template = forms.FileField(
        label="模板",
        allow_empty_file=True,
        help_text="Word 存成的 .docx，要填写的地方写 {{课题}} 这样的名字",
        widget=forms.FileInput(attrs={"accept": WORD}),
        error_messages={"required": "还没有选文件。请选一个 .docx 模板"},
    )

    def __init__(self, data: Any = None, files: Any = None, *, kind: str) -> None:
        super().__init__(data, files, prefix=kind)
