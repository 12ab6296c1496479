"""The fixed parts of a Word file: styles with Chinese fonts, numbering, settings; and the frames around what changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from library.documents.word.writing_text import Picture, Remark, paragraph, run, text

NAMESPACES = " ".join(
    f'xmlns:{short}="http://schemas.openxmlformats.org/{rest}"'
    for short, rest in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("m", "officeDocument/2006/math"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
    )
)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SONG = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
HEI = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="黑体" w:cs="Arial"/>'
KAI = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="楷体" w:cs="Times New Roman"/>'


@dataclass(frozen=True, slots=True)
class Named:
    """A paragraph style: its id, its name in Word, what it is like, and its paragraph and run properties."""

    key: str
    name: str
    paragraph: str = ""
    run: str = ""
    next: str = ""
    based: str = "Normal"


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


TITLE = f"{HEI}{_size(18)}"
STYLES = (
    # Labels are bold; a style of a teacher's own text never is, so that what is bold there is the teacher's.
    Named("Title", "Title", '<w:spacing w:before="60" w:after="160"/><w:jc w:val="center"/>', TITLE, "Normal"),
    *(
        Named(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="{after}"/><w:outlineLvl w:val="{level - 1}"/>',
            f"{HEI}{'<w:b/>' if level < 3 else ''}{_size(size)}",
            "Normal",
        )
        for level, size, before, after in (
            (1, 12, 200, 80),
            (2, 10.5, 120, 40),
            *((deeper, 10.5, 80, 20) for deeper in range(3, 10)),
        )
    ),
    Named("FieldName", "共备栏目名", '<w:keepNext/><w:spacing w:before="60"/>', f"{HEI}<w:b/>{_size(9.5)}", "Normal"),
    Named("Cell", "共备表格", '<w:spacing w:line="280" w:lineRule="atLeast"/>', _size(10)),
    Named("CellTitle", "共备环节名", "", f"{HEI}<w:b/>{_size(10)}", based="Cell"),
    Named("CellHead", "共备表头", '<w:jc w:val="center"/>', f"{HEI}<w:b/>{_size(10)}", based="Cell"),
    Named("FieldLine", "共备栏目行", "", _size(9.5), based="Cell"),
    Named("CellList", "共备表格列表", based="Cell"),
    Named("TableHead", "共备表格首行", '<w:jc w:val="center"/>', f"{HEI}{_size(10)}", based="Cell"),
    Named("ListParagraph", "List Paragraph", ""),
    Named("Quote", "Quote", '<w:ind w:left="420" w:right="420"/>', KAI),
    Named("Picture", "共备图片", '<w:keepLines/><w:spacing w:before="60" w:after="60"/><w:jc w:val="center"/>'),
    Named("Gap", "共备间隔", '<w:spacing w:line="120" w:lineRule="exact"/>', _size(4)),
    Named(
        "WritingLine",
        "共备书写行",
        '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="000000"/>'
        '<w:between w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:line="510" w:lineRule="exact"/>',
    ),
    Named(
        "Header",
        "header",
        '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="000000"/></w:pBdr>',
        f"{HEI}{_size(9)}",
    ),
    Named("Footer", "footer", '<w:jc w:val="center"/>', f"{SONG}{_size(9)}"),
    Named("CommentText", "annotation text"),
)


def _styled(style: Named) -> str:
    follows = f'<w:next w:val="{style.next}"/>' if style.next else ""
    look = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    letters = f"<w:rPr>{style.run}</w:rPr>" if style.run else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based}"/>{follows}<w:qFormat/>{look}{letters}</w:style>'
    )


def _borders(tag: str, sides: Iterable[str]) -> str:
    drawn = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return f"<w:{tag}>{drawn}</w:{tag}>"


LINED = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    '</w:tblPr></w:style><w:style w:type="table" w:styleId="Lined"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
    + _borders("tblBorders", ("top", "left", "bottom", "right", "insideH", "insideV"))
    + '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
)
STYLES_PART = (
    f"{XML}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{SONG}{_size(10.5)}"
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:line="312" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + "".join(_styled(style) for style in STYLES)
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="1F4E79"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Unread"><w:name w:val="共备待核对"/><w:rPr><w:color w:val="C00000"/></w:rPr></w:style>'
    f"{LINED}</w:styles>"
)
SETTINGS_PART = (
    f'{XML}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><m:mathPr><m:mathFont m:val="Cambria Math"/></m:mathPr>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
BULLETS = "•◦▪•◦▪•◦▪"


def numbering(lists: Sequence[tuple[str, int, int]], *, before: int = 0, patterns_before: int = 0) -> str:
    """Two patterns of list, and one instance of them for each list of the text; numbered after those that are there."""
    patterns = "".join(
        f'<w:abstractNum w:abstractNumId="{patterns_before + key}"><w:multiLevelType w:val="hybridMultilevel"/>'
        + "".join(_level(level, key) for level in range(9))
        + "</w:abstractNum>"
        for key in (0, 1)
    )
    made = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{patterns_before + int(kind == "ordered_list")}"/>'
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for at, (kind, level, start) in enumerate(lists, before + 1)
    )
    return f"{XML}<w:numbering {NAMESPACES}>{patterns}{made}</w:numbering>"


def _level(level: int, key: int) -> str:
    format_, sign = ("decimal", f"%{level + 1}.") if key else ("bullet", BULLETS[level])
    indent = f'<w:pPr><w:ind w:left="{420 * (level + 1)}" w:hanging="420"/></w:pPr>'
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>'
        f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )


def field(code: str) -> str:
    """A field that Word computes, such as the number of the page."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def header(name: str, kind: str, logo: str, width: float) -> str:
    """The school's name with its sign on the left, what this is on the right."""
    tab = f'<w:tabs><w:tab w:val="clear" w:pos="4153"/><w:tab w:val="right" w:pos="{round(width * 56.7)}"/></w:tabs>'
    line = paragraph(f"{logo}{run(f' {name}' if logo else name)}<w:r><w:tab/></w:r>{run(kind)}", "Header", tab)
    return f"{XML}<w:hdr {NAMESPACES}>{line}</w:hdr>"


def footer(line: str) -> str:
    before = run(f"{line}　　") if line else ""
    pages = f"{run('第 ')}{field('PAGE')}{run(' 页　共 ')}{field('NUMPAGES')}{run(' 页')}"
    return f"{XML}<w:ftr {NAMESPACES}>{paragraph(before + pages, 'Footer')}</w:ftr>"


def comments(remarks: Sequence[Remark]) -> str:
    found = []
    for number, remark in enumerate(remarks, 1):
        when = f' w:date="{remark.at.strftime("%Y-%m-%dT%H:%M:%SZ")}"' if remark.at else ""
        who = escape(remark.author)
        lines = "".join(paragraph(run(line), "CommentText") for line in remark.text.split("\n"))
        found.append(f'<w:comment w:id="{number}" w:author="{who}" w:initials="{who[:1]}"{when}>{lines}</w:comment>')
    return f"{XML}<w:comments {NAMESPACES}>{''.join(found)}</w:comments>"


def relations(found: Iterable[tuple[str, str, str, bool]]) -> str:
    """Of (id, kind, target, outside)."""
    lines = []
    for key, kind, target, outside in found:
        mode = ' TargetMode="External"' if outside else ""
        where = f'Type="{RELATION}/{kind}" Target="{escape(target)}"'
        lines.append(f'<Relationship Id="{key}" {where}{mode}/>')
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{XML}<Relationships xmlns="{space}">' + "".join(lines) + "</Relationships>"


PARTS = {
    "document": "wordprocessingml.document.main",
    "styles": "wordprocessingml.styles",
    "settings": "wordprocessingml.settings",
    "numbering": "wordprocessingml.numbering",
    "comments": "wordprocessingml.comments",
    "header1": "wordprocessingml.header",
    "footer1": "wordprocessingml.footer",
}


def content_types(pictures: Iterable[Picture]) -> str:
    kinds = {"jpg": "jpeg"}
    endings = "".join(
        f'<Default Extension="{ending}" ContentType="image/{kinds.get(ending, ending)}"/>'
        for ending in sorted({picture.kind for picture in pictures})
    )
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in PARTS.items()
    )
    properties = '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{endings}{parts}{properties}</Types>'
    )


def properties(title: str, author: str) -> str:
    return (
        f'{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{text(title)}</dc:title>'
        f"<dc:creator>{text(author)}</dc:creator></cp:coreProperties>"
    )
