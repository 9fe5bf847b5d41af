"""DIS: what choosing and filling the disclaimers shows."""

from __future__ import annotations

from pubkit.catalogue import Entry, Example
from pubkit.findings import Severity

_KRATOM = "Kratom is a tree of Southeast Asia."
_PLAIN = "Sleep is often poor in the first weeks."
_KNOWN_SERVICES = Example(_PLAIN, metadata={"topics": ["mental-health"], "jurisdiction": "GB"})
_OWN_SERVICES = Example(
    _PLAIN,
    metadata={
        "topics": ["mental-health"],
        "jurisdiction": "NZ",
        "disclaimers": [
            {"variant": "crisis", "slots": {"service_1": "First line: 1.", "service_2": "Second line: 2."}}
        ],
    },
)

DIS001 = Entry(
    "DIS001",
    "The front matter asks for a disclaimer that does not exist.",
    Severity.ERROR,
    remedy="Correct the name of the variant.",
    source="knowledge of the texts that pubkit ships",
    waivable=False,
    bad=[Example(_PLAIN, metadata={"disclaimers": [{"variant": "generel"}]})],
    good=[_PLAIN, Example(_PLAIN, metadata={"disclaimers": [{"variant": "medication"}]})],
)

DIS002 = Entry(
    "DIS002",
    "A disclaimer that the text needs has no wording in its language.",
    Severity.ERROR,
    remedy="Correct `lang:` in pubkit.yaml, or ask the maintainers for the text; pubkit never falls back to English.",
    source="a reader can only heed a notice in a language they read; 21 CFR 101.93(c) is worded in English only",
    waivable=False,
    bad=[
        Example("O sono é fraco.", metadata={"lang": "pt"}),
        Example(
            "El sueño mejora.",
            metadata={
                "lang": "es-US",
                "role": "labeling",
                "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}],
            },
        ),
    ],
    good=[_PLAIN, Example("El sueño mejora.", metadata={"lang": "es"}), Example(_PLAIN, metadata={"lang": "en-US"})],
)

DIS003 = Entry(
    "DIS003",
    "A label's statement is asked for where it may not stand.",
    Severity.ERROR,
    remedy="Take the statement out: it speaks for a lawful supplement on its label, and for nothing else.",
    source="21 CFR 101.93(c)-(e); Directive 2002/46/EC, Article 6",
    waivable=False,
    bad=[
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]}),
        Example(
            _KRATOM,
            metadata={"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "many"}}]},
        ),
        "[Vitamin C supports the immune system]{.claim}.",
    ],
    good=[
        Example("[Vitamin C supports the immune system]{.claim}.", metadata={"role": "labeling"}),
        Example(
            "Vitamin C supports the immune system.*",
            metadata={"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]},
        ),
    ],
)

DIS004 = Entry(
    "DIS004",
    "A disclaimer lacks the value of a slot that it cannot be printed without.",
    Severity.ERROR,
    remedy="Give the value under disclaimers: in the front matter.",
    source="knowledge of the texts that pubkit ships",
    waivable=False,
    bad=[Example("Vitamin C.*", metadata={"role": "labeling", "disclaimers": [{"variant": "dshea"}]})],
    good=[_PLAIN],
)

DIS005 = Entry(
    "DIS005",
    "A disclaimer is given a value that it has no place for, or that cannot be printed in it.",
    Severity.ERROR,
    remedy="Delete the slot, or write one plain line.",
    source="the words of a disclaimer are fixed; only its slots are the author's",
    waivable=False,
    bad=[
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "general", "slots": {"text": "Trust us."}}]}),
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "affiliate", "slots": {"relation": "<b>None.</b>"}}]}),
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "medication"}, {"variant": "medication"}]}),
    ],
    good=[Example(_PLAIN, metadata={"disclaimers": [{"variant": "affiliate", "slots": {"relation": "We sell it."}}]})],
)

DIS006 = Entry(
    "DIS006",
    "A crisis disclaimer without two services that answer day and night.",
    Severity.ERROR,
    remedy="Give two services that you have checked, or have them added to the directory with their sources.",
    source="Mindframe guideline (Australia): at least two services that answer at all hours",
    waivable=False,
    bad=[
        Example(_PLAIN, metadata={"topics": ["mental-health"], "jurisdiction": "NZ"}),
        Example("Some people think of suicide.", metadata={"jurisdiction": "DE"}),
    ],
    good=[
        _KNOWN_SERVICES,
        _OWN_SERVICES,
    ],
)

DIS007 = Entry(
    "DIS007",
    "The legal status of a substance was last verified too long ago.",
    Severity.WARNING,
    remedy="Check the status again and bring the registry up to date.",
    source="a legal status is true on a date; a release must not print a stale one",
    in_release=Severity.ERROR,
    bad=[Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "AU", "status_max_age": 30})],
    good=[Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "US", "status_max_age": 36500})],
)

DIS008 = Entry(
    "DIS008",
    "The text names a substance of the registry that the front matter does not declare.",
    Severity.WARNING,
    remedy="Add the substance to substances: in the front matter.",
    source="the substance registry",
    bad=[_KRATOM, "The alkaloid mitragynine is in its leaves.", "Krаtom, with a Cyrillic letter in it."],
    good=[Example(_KRATOM, metadata={"substances": ["kratom"]}), _PLAIN],
)

DIS009 = Entry(
    "DIS009",
    "A declared substance is not in the registry, so nothing can be said of its legal status.",
    Severity.WARNING,
    remedy="Correct the name, or have the substance added with its sources.",
    source="the substance registry",
    bad=[Example(_PLAIN, metadata={"substances": ["cratom"]})],
    good=[Example(_KRATOM, metadata={"substances": ["kratom"]})],
)

DIS010 = Entry(
    "DIS010",
    "No legal status of the substance is recorded for the publication's jurisdiction.",
    Severity.WARNING,
    remedy="Have the status verified and added to the registry, with its date and source.",
    source="the substance registry",
    in_release=Severity.ERROR,
    bad=[Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "GB"})],
    good=[Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "US"})],
)

DIS013 = Entry(
    "DIS013",
    "A disclaimer is printed in a translation that no health editor has reviewed.",
    Severity.WARNING,
    remedy="Have a health editor of that language read the block in a draft, and waive this in their name.",
    source="the status that each text carries",
    bad=[Example("Le sommeil est court.", metadata={"lang": "fr"})],
    good=[_PLAIN],
)

DIS015 = Entry(
    "DIS015",
    "The crisis services are the author's own, and pubkit has not seen that they answer.",
    Severity.WARNING,
    remedy="Call them, at night too, before each release.",
    source="Mindframe guideline (Australia): at least two services that answer at all hours",
    bad=[_OWN_SERVICES],
    good=[_KNOWN_SERVICES],
)

DIS016 = Entry(
    "DIS016",
    "A disclaimer gives a country's services or law, and nothing tells which country that is.",
    Severity.ERROR,
    remedy="State jurisdiction: XX in pubkit.yaml.",
    source="a reader in need must not be given the emergency numbers of another country",
    waivable=False,
    bad=[
        Example("Le sommeil est court.", metadata={"lang": "fr", "topics": ["suicide"]}),
        Example("Kratom ist ein Baum.", metadata={"lang": "de", "substances": ["kratom"]}),
    ],
    good=[
        Example("Le sommeil est court.", metadata={"lang": "fr", "topics": ["suicide"], "jurisdiction": "FR"}),
        Example("Le sommeil est court.", metadata={"lang": "fr-FR", "topics": ["suicide"]}),
        Example("Le sommeil est court.", metadata={"lang": "fr"}),
        Example(_PLAIN, metadata={"topics": ["suicide"]}),
    ],
)

DIS017 = Entry(
    "DIS017",
    "A topic that brings no disclaimer is written almost like one that does.",
    Severity.WARNING,
    remedy="Correct the topic in pubkit.yaml.",
    source="the topics that pubkit knows; a slip of the pen must not cost the crisis notice",
    in_release=Severity.ERROR,
    bad=[Example(_PLAIN, metadata={"topics": [slip]}) for slip in ("suicde", "mental-helth", "poisonning", "traumas")],
    good=[Example(_PLAIN, metadata={"topics": ["suicide", "sleep", "nutrition", "nursing", "pain"]})],
)
