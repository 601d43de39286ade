"""What a tree of nearly the same text has already: its first nodes, and its last ones at their new place."""

from dockopt.syntax.tree import Heredoc, Instruction, Node, Segment, Tree, Trivia, instruction
from dockopt.text.source import Span, common_end, common_start


class Known:
    """Nodes of another tree. `first` stand where they stood, the others `shift` characters from there."""

    def __init__(self, tree: Tree, first: tuple[Node, ...], last: dict[int, int], shift: int) -> None:
        self.escape = tree.escape
        self.directives = tree.directives
        self.first = first
        self.taken: list[Node] = []
        """Nodes at the end that are taken over, once it is known from where."""
        self._tree = tree
        self._last = last
        self._shift = shift

    @staticmethod
    def of(tree: Tree, text: str) -> "Known | None":
        """What there is to be taken over for a text; None where nothing is, or not for certain."""
        if tree.problems or tree.doubts:
            return None
        before = tree.source.text
        same = common_start(before, text)
        nodes = tree.nodes
        count = next((at for at, node in enumerate(nodes) if node.span.end > same), len(nodes))
        first = nodes[: min(count, len(nodes) - 1)]  # what the end of the file ends may go on in another text
        if not any(isinstance(node, Instruction) for node in first):
            return None
        begin = max(first[-1].span.end, len(before) - min(common_end(before, text), len(text) - first[-1].span.end))
        last = {node.span.start: at for at, node in enumerate(nodes) if node.span.start >= begin}
        return Known(tree, first, last, len(text) - len(before))

    def goes_on(self, offset: int) -> bool:
        """Whether all from here on is known: then it is `taken`."""
        at = self._last.get(offset - self._shift)
        if at is None:
            return False
        rest = self._tree.nodes[at:]
        self.taken = [_shifted(node, self._shift) for node in rest] if self._shift else list(rest)
        return True


def _shifted(node: Node, by: int) -> Node:
    """The node as it is that many characters further on."""
    if isinstance(node, Trivia):
        return Trivia(node.kind, _span(node.span, by), node.name, node.value)
    return _instruction(node, by)


def _instruction(node: Instruction, by: int) -> Instruction:
    return instruction(
        span=_span(node.span, by),
        keyword=node.keyword,
        keyword_span=node.keyword_span,
        logical=node.logical,
        segments=tuple([Segment(at, raw + by, length) for at, raw, length in node.segments]),
        flags=node.flags,
        arguments=node.arguments,
        exec_form=node.exec_form,
        heredocs=tuple(_heredoc(heredoc, by) for heredoc in node.heredocs) if node.heredocs else (),
        comments=tuple(_span(span, by) for span in node.comments) if node.comments else (),
        blank_continuation=node.blank_continuation,
        trigger=node.trigger and _instruction(node.trigger, by),
    )


def _heredoc(heredoc: Heredoc, by: int) -> Heredoc:
    return heredoc._replace(body=_span(heredoc.body, by), terminator=_span(heredoc.terminator, by))


def _span(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
