"""The content of each template: one frozen, described model a template."""

from callsheet.model.content.base import Content, TemplateName, TextKind
from callsheet.model.content.code_and_media import CodeContent, PictureContent, TerminalContent
from callsheet.model.content.compositions import COMPOSITIONS, compositions, has_compositions, varied
from callsheet.model.content.diagrams import (
    ChartContent,
    DerivationContent,
    DiagramContent,
    EquationContent,
    FormulaCardContent,
    FunctionPlotContent,
)
from callsheet.model.content.geometry import GeometryContent
from callsheet.model.content.illustrated import (
    CalloutContent,
    IllustrationContent,
    PeopleContent,
    Person,
    ProcessContent,
    SplitContent,
    TableContent,
)
from callsheet.model.content.pictures import pictures_named, with_pictures
from callsheet.model.content.plugin_templates import plugin_content, plugin_contents, template_plugin
from callsheet.model.content.text import (
    BulletsContent,
    ChapterContent,
    ComparisonContent,
    DefinitionContent,
    ExplainContent,
    OutroContent,
    PlaceholderContent,
    QaContent,
    QuoteContent,
    SectionContent,
    StatisticsContent,
    TimelineContent,
    TitleContent,
)

CONTENT_MODELS: dict[TemplateName, type[Content]] = {
    TemplateName.TITLE: TitleContent,
    TemplateName.SECTION: SectionContent,
    TemplateName.CHAPTER: ChapterContent,
    TemplateName.BULLETS: BulletsContent,
    TemplateName.DEFINITION: DefinitionContent,
    TemplateName.EQUATION: EquationContent,
    TemplateName.DERIVATION: DerivationContent,
    TemplateName.FORMULA_CARD: FormulaCardContent,
    TemplateName.FUNCTION_PLOT: FunctionPlotContent,
    TemplateName.GEOMETRY: GeometryContent,
    TemplateName.CHART: ChartContent,
    TemplateName.TIMELINE: TimelineContent,
    TemplateName.COMPARISON: ComparisonContent,
    TemplateName.CODE: CodeContent,
    TemplateName.TERMINAL: TerminalContent,
    TemplateName.QUOTE: QuoteContent,
    TemplateName.QA: QaContent,
    TemplateName.PICTURE: PictureContent,
    TemplateName.DIAGRAM: DiagramContent,
    TemplateName.STATISTICS: StatisticsContent,
    TemplateName.PEOPLE: PeopleContent,
    TemplateName.ILLUSTRATION: IllustrationContent,
    TemplateName.CALLOUT: CalloutContent,
    TemplateName.PROCESS: ProcessContent,
    TemplateName.TABLE: TableContent,
    TemplateName.SPLIT: SplitContent,
    TemplateName.OUTRO: OutroContent,
    TemplateName.EXPLAIN: ExplainContent,
    TemplateName.PLACEHOLDER: PlaceholderContent,
}


def content_model(template: TemplateName) -> type[Content]:
    """Return the content model of a template, of ours or of a plug-in. Raises PluginUnusable."""
    plugin = template_plugin(template)
    return plugin_content(plugin) if plugin else CONTENT_MODELS[template]


def content_models() -> dict[TemplateName, type[Content]]:
    """Return the content model of each template, ours first; without plug-ins that can't be used."""
    return {**CONTENT_MODELS, **plugin_contents()}


def template_of(content: Content) -> TemplateName:
    """Return the template that shows `content`."""
    kind = type(content)
    models = CONTENT_MODELS if kind in CONTENT_MODELS.values() else plugin_contents()
    return next(name for name, model in models.items() if model is kind)


def template_named(text: object) -> TemplateName | None:
    """Return the template of this name; None if there is none."""
    try:
        return TemplateName(text) if isinstance(text, str) else None
    except ValueError:
        return None


__all__ = [
    "COMPOSITIONS",
    "CONTENT_MODELS",
    "BulletsContent",
    "CalloutContent",
    "ChapterContent",
    "ChartContent",
    "CodeContent",
    "ComparisonContent",
    "Content",
    "DefinitionContent",
    "DerivationContent",
    "DiagramContent",
    "EquationContent",
    "ExplainContent",
    "FormulaCardContent",
    "FunctionPlotContent",
    "GeometryContent",
    "IllustrationContent",
    "OutroContent",
    "PeopleContent",
    "Person",
    "PictureContent",
    "PlaceholderContent",
    "ProcessContent",
    "QaContent",
    "QuoteContent",
    "SectionContent",
    "SplitContent",
    "StatisticsContent",
    "TableContent",
    "TemplateName",
    "TerminalContent",
    "TextKind",
    "TimelineContent",
    "TitleContent",
    "compositions",
    "content_model",
    "content_models",
    "has_compositions",
    "pictures_named",
    "template_named",
    "template_of",
    "template_plugin",
    "varied",
    "with_pictures",
]
