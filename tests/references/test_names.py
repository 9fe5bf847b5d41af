"""What author lists promise: one person under every way of writing, and no two people taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.references.comparison.authors import match_authors, same_person
from pubkit.references.comparison.names import AuthorList, Name, read_authors


def person(written: str) -> Name:
    (name,) = read_authors(written).people
    return name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith, Anna B.", "A. B. Smith"),
        ("Smith AB", "Anna B. Smith"),
        ("Smith, A.", "Smith, Anna Beatrice"),
        ("R. Anthony Barnitz", "R. A. Barnitz"),
        ("DR Siemens", "D. Robert Siemens"),
        ("Lino Cardenas, Christian L.", "Cardenas CL Lino"),
        ("Silva WMD Junior", "Walderi Monteiro da Silva Junior"),
        ("Vries PS de", "Paul S. de Vries"),
        ("Felice FG De", "Fernanda G. De Felice"),
        ("R. M. Castillo", "Ruth Mariela Castillo-Morales"),
        ("Ben-Ezer, Ran", "Ran Ben Ezer"),
        ("Wang, Wei", "Wei, Wang"),
        ("s. min", "Min Shuai"),
        ("Y.-F. Wu", "Yueh-Fu Wu"),
        ("García-López, José", "Garcia Lopez J"),
        ("Le QV", "Quoc V. Le"),
        ("Do, R.", "Ron Do"),
        ("King, Martin Luther, Jr.", "M. L. King"),
        ("Иванов, Иван", "Ivanov, I."),
        ("WALSH, ZACH", "Zach Walsh"),
    ],
)
def test_one_person_is_known_under_both_writings(one: str, other: str) -> None:
    assert same_person(person(one), person(other))
    assert same_person(person(other), person(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Li, Xuan", "Li, Jie"),
        ("Yang Luo", "Yang Liu"),
        ("Smith, J. A.", "Smith, J. B."),
        ("Smith, Anna", "Jones, Anna"),
        ("Garcia, Maria", "Lopez, Maria"),
        ("Walsh, Karen", "Walsh, Zach"),
        ("X. Li", "Li Wang"),
    ],
)
def test_two_people_are_not_taken_for_one(one: str, other: str) -> None:
    assert not same_person(person(one), person(other))


@pytest.mark.parametrize(
    ("byline", "people", "groups"),
    [
        ("Smith, A. and Jones, B.", 2, 0),
        ("A. Smith and\n   B. Jones AND C. Lee", 3, 0),
        ("{World Health Organization}", 0, 1),
        ("{Centers for Disease Control and Prevention} and Smith, A.", 1, 1),
        ("Smith AB, Jones C, Lee DE", 3, 0),
        ("Smith AB; Jones C", 2, 0),
        ("Swogger MT, Walsh Z", 2, 0),
        ("Smith, Anna", 1, 0),
        ("Bureau, J. and Panel, K.", 2, 0),
        ("Horby, P. and RECOVERY Collaborative Group", 1, 1),
        (", M. Abu-Asab and A. Bernardo-Colon", 2, 0),
        ("", 0, 0),
    ],
)
def test_a_byline_is_read_into_people_and_groups(byline: str, people: int, groups: int) -> None:
    read = read_authors(byline)
    assert (len(read.people), len(read.groups)) == (people, groups)


@pytest.mark.parametrize("mark", ["and others", "and et al.", "et al", ", et al."])
def test_a_list_cut_off_is_known_as_such(mark: str) -> None:
    read = read_authors(f"Smith, A. {mark}")
    assert read.truncated
    assert [name.family for name in read.people] == ["smith"]


def test_csl_names_are_read_with_their_particles_groups_and_whole_names() -> None:
    read = read_authors(
        [
            {"family": "Vries", "given": "Paul S.", "non-dropping-particle": "de"},
            {"literal": "The Kratom Study Group"},
            {"name": "for the Pancreatic Cancer Cohort Consortium"},
            {"literal": "Zach Walsh"},
            {"family": "CastaÃ±o-Vinyals", "given": "Gemma"},
            {"given": "Jocelien Olivier"},
        ]
    )
    assert [name.family for name in read.people] == ["vries", "walsh", "vinyals", "olivier"]
    assert len(read.groups) == 2


def test_dropped_invented_and_reordered_authors_are_told_apart() -> None:
    registry = read_authors("Adams, Ann and Brown, Bob and Clark, Cid and Davis, Dan")
    dropped = match_authors(read_authors("Adams, A and Davis, D"), registry)
    assert [name.family for name in dropped.dropped] == ["brown", "clark"]
    assert not dropped.invented
    invented = match_authors(read_authors("Adams, A and Brown, B and Clark, C and Davis, D and Evans, E"), registry)
    assert [name.family for name in invented.invented] == ["evans"]
    assert not invented.dropped
    turned = match_authors(read_authors("Davis, D and Adams, A and Brown, B and Clark, C"), registry)
    assert turned.reordered
    assert turned.first_differs
    assert not turned.dropped
    assert not turned.invented


def test_et_al_excuses_the_authors_after_it_and_not_those_before() -> None:
    registry = read_authors("Adams, Ann and Brown, Bob and Clark, Cid and Davis, Dan")
    assert not match_authors(read_authors("Adams, A and Brown, B and others"), registry).dropped
    skipped = match_authors(read_authors("Adams, A and Clark, C and others"), registry).dropped
    assert [name.family for name in skipped] == ["brown"]
    assert not match_authors(read_authors("Adams, A and ... and Davis, D"), registry).dropped


@pytest.mark.parametrize(
    ("cited", "registry"),
    [
        ("M. Gallaghe", "Michela Gallagher"),
        ("D. Doueck", "Daniel Douek"),
        ("Z Karimimoghadam", "Zeynab Karimi Moghadm"),
        ("Gates, Bill", "Gates, William"),
        ("Smith, J. A.", "Smith, J. B."),
    ],
)
def test_a_slip_of_the_pen_is_matched_and_said(cited: str, registry: str) -> None:
    match = match_authors(read_authors(f"Walsh, Z. and {cited}"), read_authors(f"Walsh, Zach and {registry}"))
    assert match.matched == 2
    assert len(match.respelled) == 1


def test_a_new_family_name_passes_only_alone_and_with_the_same_given_names() -> None:
    registry = read_authors("Adams, Ann and Brown, Bea K. and Clark, Cid")
    assert match_authors(read_authors("Adams, Ann and Jones, Bea K. and Clark, Cid"), registry).matched == 3
    assert match_authors(read_authors("Adams, Ann and Jones, Tom and Clark, Cid"), registry).matched == 2
    assert match_authors(read_authors("Jones, Ann and Evans, Bea K. and Clark, Cid"), registry).matched == 1


def test_groups_are_matched_apart_from_people() -> None:
    cited = read_authors([{"family": "Horby", "given": "P"}, {"literal": "RECOVERY Collaborative Group"}])
    registry = read_authors([{"name": "The RECOVERY Collaborative Group"}, {"family": "Horby", "given": "Peter"}])
    match = match_authors(cited, registry)
    assert (match.matched, match.groups_matched) == (1, 1)
    other = match_authors(cited, read_authors([{"family": "Horby", "given": "P"}, {"name": "ENCODE Consortium"}]))
    assert len(other.groups_cited_only) == len(other.groups_registry_only) == 1


GIVEN = st.sampled_from(["Anna", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Gustavo", "Hye", "Ivan"])
FAMILY = st.sampled_from(["Okafor", "Lindqvist", "Moreau", "Castellanos", "Whitfield", "Nakamura", "Petrov"])


@given(st.lists(st.tuples(GIVEN, GIVEN, FAMILY), min_size=1, max_size=7, unique_by=lambda name: name[2]), st.randoms())
def test_no_order_and_no_way_of_writing_loses_an_author(people: list[tuple[str, str, str]], random: object) -> None:
    ways = (
        lambda one, two, family: f"{one} {two} {family}",
        lambda one, two, family: f"{family}, {one} {two}",
        lambda one, two, family: f"{family} {one[0]}{two[0]}",
        lambda one, two, family: f"{one[0]}. {two[0]}. {family}",
        lambda one, two, family: f"{family}, {one[0]}.",
    )
    shuffle, choice = random.shuffle, random.choice  # type: ignore[attr-defined]
    order = list(people)
    shuffle(order)
    cited = read_authors(" and ".join(choice(ways)(*name) for name in order))
    match = match_authors(
        cited, read_authors([{"family": name[2], "given": f"{name[0]} {name[1]}"} for name in people])
    )
    assert match.matched == len(people)
    assert not match.dropped
    assert not match.invented


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["family", "given", "literal", "name"]), inner)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_author_field_makes_reading_or_matching_fail(one: object, other: object) -> None:
    cited, registry = read_authors(one), read_authors(other)
    assert isinstance(cited, AuthorList)
    match = match_authors(cited, registry)
    assert match.matched <= min(len(cited.people), len(registry.people))
    itself = match_authors(cited, cited)
    assert itself.matched == len(cited.people)
    assert not itself.reordered
