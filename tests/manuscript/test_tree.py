"""The syntax tree: what pandoc writes is read, kept and given back to the letter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from pubkit.boundary import pandoc
from pubkit.boundary.pandoc import PandocError
from pubkit.errors import InputRefused
from pubkit.manuscript import tree

TORTURE = Path(__file__).parents[1] / "corpora" / "torture" / "torture.md"

#: What pandoc's Markdown can say and pubkit's manuscripts cannot, and what the torture manuscript leaves out.
MORE = """---
title: A *text*
yes: true
list: [a, b]
map: {key: value}
abstract: |
  Two paragraphs.

  In this one.
---

<b>raw</b>, [capitals]{.smallcaps}, [lined]{.underline} [@a; see -@b, p. 3] and @c.

```{=html}
<hr>
```

A line\\
broken.

+----------+------+
| A        | B    |
+:=========+=====:+
| 1        | 2    |
+          +------+
|          | 3    |
+----------+------+

: [short] A table
"""


def written(text: str) -> bytes:
    return pandoc.run(["--from", "markdown", "--to", "json"], text.encode())


def names(kinds: object) -> set[str]:
    return {kind.__name__ for kind in get_args(kinds)}


def read(text: str) -> list[tree.Block]:
    return tree.decode(pandoc.parse(text)).blocks


def test_every_element_is_read_and_written_back_as_pandoc_wrote_it() -> None:
    documents = [written(TORTURE.read_text("utf-8")), written(MORE)]
    trees = [tree.decode(document) for document in documents]
    assert [json.loads(tree.encode(one)) for one in trees] == [json.loads(document) for document in documents]
    met = {type(node).__name__ for one in trees for node in tree.nodes([one.blocks, list(one.meta.values())])}
    every = names(tree.Inline) | names(tree.Block) | names(tree.Meta)
    assert met == every - {"MetaString"}, "the documents do not hold every element"


def test_a_copy_shares_nothing_with_what_it_was_made_from() -> None:
    one = tree.decode(pandoc.parse("# A *heading*\n"))
    other = tree.copied(one)
    assert other == one
    next(tree.every(tree.Header, other)).attr.classes.append("changed")
    next(tree.every(tree.Str, other)).text = "Another"
    assert one == tree.decode(pandoc.parse("# A *heading*\n"))


@pytest.mark.parametrize(
    "block",
    [
        '{"t": "Marquee", "c": []}',
        '{"t": "Header", "c": [1, ["", [], []]]}',
        '{"t": "Header", "c": [1, ["", [], [], "new"], []]}',
        '{"t": "Para", "c": [], "new": 1}',
        '{"t": "Para", "c": [{"t": "HorizontalRule"}]}',
        '{"t": "Para", "c": [',
    ],
)
def test_a_tree_of_another_kind_names_the_pandoc_that_wrote_it(block: str) -> None:
    with pytest.raises(PandocError, match=f"pandoc {pandoc.version()} ") as caught:
        tree.decode('{"pandoc-api-version": [1, 99], "meta": {}, "blocks": [' + block + "]}")
    assert caught.value.remedy


def test_a_tree_deeper_than_python_can_follow_is_refused() -> None:
    deep = '{"t":"BlockQuote","c":[' * 50_000 + "]}" * 50_000
    with pytest.raises(InputRefused, match="nested too deep"):
        tree.decode('{"pandoc-api-version":[1,23],"meta":{},"blocks":[' + deep + "]}")


def test_nodes_come_in_reading_order_the_outer_before_the_inner() -> None:
    text = "# A *b* [c](#d)\n\n- e[^1]\n\n[^1]: f\n\n| g | h |\n|---|---|\n| i | j |\n\n: k\n"
    found = list(tree.nodes(read(text)))
    words = "".join(node.text for node in found if isinstance(node, tree.Str))
    assert words == "Abcefkghij"
    kinds = [type(node) for node in found]
    assert kinds.index(tree.Header) < kinds.index(tree.Emph) < kinds.index(tree.BulletList) < kinds.index(tree.Note)


def test_nodes_in_citations_are_met_and_what_is_passed_over_is_not() -> None:
    blocks = read("See [*before* @a, **after**] and ![a `picture`](x.png).\n")
    assert len(list(tree.every(tree.Strong, blocks))) == 1
    passed = list(tree.nodes(blocks, without=(tree.Citation, tree.Image)))
    assert not [node for node in passed if isinstance(node, tree.Strong | tree.Image | tree.Code)]


def test_a_text_is_read_with_its_spaces_and_without_notes_and_keys() -> None:
    text = 'One *two* "three"\nfour `code` $x$[^n] [see @a].\n\n[^n]: Not this.\n'
    assert tree.plain_text(read(text)) == "One two three four code x [see @a]."


def test_inlines_are_replaced_wherever_they_stand() -> None:
    blocks = read("*a* **b *c***\n\n| *d* |\n|---|\n| e |\n")
    tree.replace(tree.Emph, blocks, lambda found: tree.Str(tree.plain_text(found).upper()))
    assert not list(tree.every(tree.Emph, blocks))
    assert [word.text for word in tree.every(tree.Str, blocks)] == ["A", "b", "C", "D", "e"]


def test_lists_of_blocks_and_of_inlines_are_told_apart() -> None:
    blocks = read("# A\n\n> b\n>\n> - c\n")
    assert [type(one[0]) for one in tree.block_lists(blocks)] == [tree.Header, tree.Para, tree.Plain]
    assert ["".join(map(tree.plain_text, one)) for one in tree.inline_lists(blocks)] == ["A", "b", "c"]


def test_a_part_of_an_element_can_be_exchanged() -> None:
    [header] = read("# A {#a .b}\n")
    assert isinstance(header, tree.Header)
    assert (header.level, tree.identifier(header), header.attr.classes) == (1, "a", ["b"])
    header.level = 3
    assert pandoc.convert(tree.encode(tree.Tree(blocks=[header])), "markdown") == b"### A {#a .b}\n"


def test_elements_without_attributes_have_no_id() -> None:
    [paragraph] = read("A `b`{#c}\n")
    assert [tree.identifier(node) for node in tree.nodes(paragraph)] == ["", "", "", "c"]
