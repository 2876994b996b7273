"""The content of each template: one frozen, described model a template."""

from callsheet.model.content.base import Content, TemplateName, TextKind
from callsheet.model.content.code_and_media import CodeContent, PictureContent, TerminalContent
from callsheet.model.content.diagrams import (
    ChartContent,
    DerivationContent,
    DiagramContent,
    EquationContent,
    FunctionPlotContent,
)
from callsheet.model.content.geometry import GeometryContent
from callsheet.model.content.text import (
    BulletsContent,
    ComparisonContent,
    DefinitionContent,
    ExplainContent,
    OutroContent,
    PlaceholderContent,
    QuoteContent,
    SectionContent,
    StatisticsContent,
    TimelineContent,
    TitleContent,
)

CONTENT_MODELS: dict[TemplateName, type[Content]] = {
    TemplateName.TITLE: TitleContent,
    TemplateName.SECTION: SectionContent,
    TemplateName.BULLETS: BulletsContent,
    TemplateName.DEFINITION: DefinitionContent,
    TemplateName.EQUATION: EquationContent,
    TemplateName.DERIVATION: DerivationContent,
    TemplateName.FUNCTION_PLOT: FunctionPlotContent,
    TemplateName.GEOMETRY: GeometryContent,
    TemplateName.CHART: ChartContent,
    TemplateName.TIMELINE: TimelineContent,
    TemplateName.COMPARISON: ComparisonContent,
    TemplateName.CODE: CodeContent,
    TemplateName.TERMINAL: TerminalContent,
    TemplateName.QUOTE: QuoteContent,
    TemplateName.PICTURE: PictureContent,
    TemplateName.DIAGRAM: DiagramContent,
    TemplateName.STATISTICS: StatisticsContent,
    TemplateName.OUTRO: OutroContent,
    TemplateName.EXPLAIN: ExplainContent,
    TemplateName.PLACEHOLDER: PlaceholderContent,
}

__all__ = [
    "CONTENT_MODELS",
    "BulletsContent",
    "ChartContent",
    "CodeContent",
    "ComparisonContent",
    "Content",
    "DefinitionContent",
    "DerivationContent",
    "DiagramContent",
    "EquationContent",
    "ExplainContent",
    "FunctionPlotContent",
    "GeometryContent",
    "OutroContent",
    "PictureContent",
    "PlaceholderContent",
    "QuoteContent",
    "SectionContent",
    "StatisticsContent",
    "TemplateName",
    "TerminalContent",
    "TextKind",
    "TimelineContent",
    "TitleContent",
]
